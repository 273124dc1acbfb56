"""A mail room over the sales system: a rep with an account, a contact to write to, and servers on loopback."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.rows import dict_row

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Create, Update
from chengdan.run.mail import accounts, connecting, drafting, mailboxes
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.drafting import Beginning
from chengdan.run.mail.outgoing import send_due
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Row
from tests.databases import Databases
from tests.lab.lab import MovingClock
from tests.run.mail.post_office import HOST, PASSWORD, ImapServer, SmtpServer, imap_server, smtp_server

ADDRESS = "li@chengdan.example"
CUSTOMER = "wang@huaxin.example"
REFUSING = """
rule: email_refused
label: {{zh: 拒绝, en: Refuse}}
object: email
on: {on}
when: '{when}'
do:
  - create: {{object: task, values: {{subject: 'null'}}}}
"""


@pytest.fixture(scope="session")
def smtp_once() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def smtp(smtp_once: SmtpServer) -> SmtpServer:
    """An SMTP server that has been given nothing yet."""
    smtp_once.begin_anew()
    return smtp_once


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    with imap_server(ADDRESS) as server:
        yield server


@contextmanager
def refusing(runtime: Runtime, on: str, when: str) -> Iterator[None]:
    """A while in which the definitions refuse a mail for which `when` holds: they ask for a task without a subject."""
    before = runtime.snapshot.files
    runtime.publish({**before, "rules/email_refused.yaml": REFUSING.format(on=on, when=when)})
    try:
        yield
    finally:
        runtime.publish(before)


@dataclass
class Office:
    """The runtime, and short words for what a rep does with mail."""

    runtime: Runtime
    clock: MovingClock
    rep: Principal
    manager: Principal
    contact: Row
    account: Row
    opportunity: Row
    mailbox: MailAccount

    def begin(self, **how: Any) -> Row:
        how = how or {"object": "opportunity", "record": self.opportunity["id"]}
        with self.runtime.unit(self.rep) as unit:
            return drafting.begin(unit, Beginning(**how))

    def draft(self, subject: str = "方案与报价", body: str = "见附件。", **values: Any) -> Row:
        draft = self.begin()
        changes = {"subject": subject, "body": body, **values}
        return self.runtime.act(self.rep, Update("email", draft["id"], None, changes))[0]

    def queue(self, draft: Row) -> Row:
        with self.runtime.unit(self.rep) as unit:
            return drafting.send(unit, draft["id"], None, None)

    def sent(self, **how: Any) -> Row:
        """A mail that was written and sent."""
        queued = self.queue(self.draft(**how))
        assert send_due(self.runtime)
        return self.email(queued["id"])

    def fetch(self) -> int:
        """Look into the mailbox once."""
        with connecting.mailbox(self.runtime.config, self.runtime.secrets, self.mailbox) as box:
            return mailboxes.fetch(self.runtime, self.mailbox, box)

    def email(self, id: UUID) -> Row:
        return self.rows("SELECT * FROM data.email WHERE id = %s", id)[0]

    def emails(self) -> list[Row]:
        return self.rows("SELECT * FROM data.email ORDER BY id")

    def rows(self, query: Any, *params: Any) -> list[Row]:
        with self.runtime.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return list(cursor.execute(query, params).fetchall())

    def pass_time(self, **by: float) -> None:
        self.clock.ahead += timedelta(**by)

    @contextmanager
    def refusing(self, on: str, when: str) -> Iterator[None]:
        """As `refusing` over the runtime."""
        with refusing(self.runtime, on, when):
            yield

    @contextmanager
    def without_storage(self) -> Iterator[None]:
        """A while in which the disk takes no file."""
        folder = self.runtime.config.files_dir
        aside = folder.with_name("aside")
        folder.mkdir(exist_ok=True)
        folder.rename(aside)
        folder.touch()
        try:
            yield
        finally:
            folder.unlink()
            aside.rename(folder)

    def change_account(self, **changes: Any) -> MailAccount:
        with self.runtime.unit(self.rep) as unit:
            described = accounts.describe(changes, self.rep, self.mailbox)
            self.mailbox = accounts.save(unit, self.runtime.secrets, described, self.mailbox)
        return self.mailbox


@pytest.fixture(scope="module")
def mail_room(
    databases: Databases, sales_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runtime]:
    """A runtime that the tests of a module share; each begins without mail (see `office`)."""
    config = Config(
        home=tmp_path_factory.mktemp("mail"), mail_hosts=HOST, public_url="https://crm.chengdan.example"
    )
    with databases.fresh(sales_template) as url, Runtime.over(url, config, MovingClock()) as runtime:
        yield runtime


@pytest.fixture
def office(mail_room: Runtime, smtp: SmtpServer) -> Office:
    """An office without mail: a rep, their manager, a customer, and an opportunity."""
    clock = mail_room.clock
    assert isinstance(clock, MovingClock)
    clock.ahead = timedelta()
    with mail_room.pool.connection() as connection:
        connection.execute(EMPTY)
    return _opened(mail_room, clock, smtp)


EMPTY = """
TRUNCATE data.email, data.contact, data.account, data.opportunity, data.activity, data.task, data."user", data.team,
    chengdan.mail_account, chengdan.mail_folder, chengdan.mail_outgoing, chengdan.mail_source, chengdan.mail_seen, chengdan.mail_stranger,
    chengdan.mail_hit, chengdan.mail_page_view, chengdan.public_link, chengdan.timer, chengdan.file, chengdan.notification
"""


def _opened(runtime: Runtime, clock: MovingClock, smtp: SmtpServer) -> Office:
    runtime.edition.people.forget()
    maker = Principal(new_id(), "maker", frozenset({"admin"}))
    team, lead, rep = new_id(), new_id(), new_id()
    with runtime.unit(maker) as unit:
        apply(unit, Create("user", {"username": "chen", "name": "陈建华", "roles": ["manager"]}, id=lead))
        apply(unit, Create("team", {"name": "华东", "lead": str(lead)}, id=team))
        person = {"username": "li", "name": "李思远", "roles": ["rep"], "team": str(team)}
        apply(unit, Create("user", person, id=rep))
    principal = Principal(rep, "li", frozenset({"rep"}), (team,), (team,))
    manager = Principal(lead, "chen", frozenset({"manager"}), (team,), (team,))
    with runtime.unit(principal) as unit:
        account = apply(unit, Create("account", {"name": "华信科技有限公司"}))
        contact = apply(
            unit, Create("contact", {"name": "王敏", "account": str(account["id"]), "email": CUSTOMER})
        )
        values = {
            "name": "华信云平台",
            "account": str(account["id"]),
            "primary_contact": str(contact["id"]),
            "amount": 120000,
        }
        opportunity = apply(unit, Create("opportunity", values))
    with runtime.unit(principal) as unit:
        described = accounts.describe(account_for(smtp), principal)
        mailbox = accounts.save(unit, runtime.secrets, described)
    return Office(runtime, clock, principal, manager, contact, account, opportunity, mailbox)


def account_for(smtp: SmtpServer, **more: Any) -> Mapping[str, Any]:
    return {
        "address": ADDRESS,
        "name": "李思远",
        "password": PASSWORD,
        "smtp_host": HOST,
        "smtp_port": smtp.port,
        "smtp_security": "none",
        **more,
    }


def with_imap(office: Office, imap: ImapServer) -> Office:
    """The office with a mailbox that is read, met for the first time."""
    office.change_account(imap_host=HOST, imap_port=imap.port, imap_security="none")
    office.fetch()
    return replace(office, mailbox=office.mailbox)
