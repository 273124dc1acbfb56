"""Every route that names a record, asked by people from whom that record is hidden: it answers as if there were none.

A route is tried in rows, or it is said why it names no record. Each row is asked for a record that is there and hidden, for
one that is nowhere, and, so that no row is empty, by somebody who may.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import policy
from io import BytesIO
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.audits.drawing import CLERK
from chengdan.run.commands import Create, Sign
from chengdan.run.documents import FONT
from chengdan.run.mail import accounts
from chengdan.run.mail.room import write
from chengdan.run.mail.taking import take
from chengdan.run.sessions import Doorman
from chengdan.web import live
from chengdan.web.app import ENDPOINTS
from tests.browser.given import a_name, an_account, an_opportunity
from tests.run.mail.post_office import letter
from tests.web.site import Site, Visitor

NOTHING = "00000000-0000-7000-8000-000000000000"
"""The id of nothing."""

REP, TOKEN, MANAGER, FINANCE = EVERYBODY = ("rep", "token", "manager", "finance")
"""Those who see nothing of the administrator's: a rep, who sees own, shared and team records; a program with the rep's API
token; a manager, also of the teams below; finance, who sees opportunities by their stage, activities and mails only own
ones, but every account and review."""

USUAL = (REP, TOKEN, MANAGER)


@dataclass(frozen=True)
class Named:
    """What a request names: `ids` of the hidden record and its belongings, and `words` that are no secret.

    Whoever may is asked to name `instead` where the request could not be granted otherwise.
    """

    ids: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass
class House:
    """The demo company, and those who ask."""

    site: Site
    visitors: Mapping[str, Visitor]
    looked_at: dict[Callable[["House"], Named], Named] = field(default_factory=dict)

    @property
    def admin(self) -> Visitor:
        return self.visitors["admin"]

    @property
    def administrator(self) -> Principal:
        return Doorman(self.site.runtime).principal_of(UUID(self.admin.me["id"]))

    def named(self, route: str, of: Callable[["House"], Named]) -> Named:
        """What a row names; rows that only read share it."""
        if not route.startswith("GET "):
            return of(self)
        if of not in self.looked_at:
            self.looked_at[of] = of(self)
        return self.looked_at[of]

    def query(self, statement: LiteralString, *params: Any) -> list[tuple[Any, ...]]:
        with self.site.runtime.pool.connection() as connection:
            return connection.execute(statement, params).fetchall()


@pytest.fixture(scope="module")
def house(site: Site, shared: Path, rep: Visitor, manager: Visitor, admin: Visitor) -> House:
    shutil.copytree(shared / "company" / "files", site.runtime.config.home / "files", dirs_exist_ok=True)
    token = rep.json("POST", "/api/tokens", {"name": "test"}, 201)["token"]
    program = site.stranger(Authorization=f"Bearer {token}")
    others = {name: site.log_in(name) for name in (FINANCE, "csm", "sales_ops")}
    return House(site, {REP: rep, TOKEN: program, MANAGER: manager, "admin": admin, **others})


# --- what is hidden: made by the administrator, who is in no team


def opportunity(house: House) -> Named:
    return Named({"id": an_opportunity(house.admin)["id"]}, {"object": "opportunity"})


def archived(house: House) -> Named:
    named = opportunity(house)
    house.admin.json("DELETE", f"/api/records/opportunity/{named.ids['id']}")
    return named


def activity(house: House) -> Named:
    body = {"subject": "回访", "kind": "call", "at": "2026-03-12T10:00:00Z"}
    made = house.admin.json("POST", "/api/records/activity", body, 201)
    return Named({"id": made["id"]}, {"object": "activity"})


def account(house: House) -> Named:
    words = {"object": "account", "pool": "account_pool"}
    return Named({"id": an_account(house.admin)["id"]}, words)


def held(house: House) -> Named:
    """An account that is in no pool; another one is."""
    named, pooled = account(house), account(house).ids["id"]
    house.admin.json("POST", f"/api/records/account/{pooled}/release", {"note": "今年没有预算"})
    return Named(named.ids, named.words, {"id": pooled})


def comment(house: House) -> Named:
    named = opportunity(house)
    path = f"/api/records/opportunity/{named.ids['id']}/comments"
    made = house.admin.json("POST", path, {"text": "底价"}, 201)
    return Named({**named.ids, "comment": made["id"]}, named.words)


def conflict(house: House) -> Named:
    named, id = account(house), str(uuid4())
    house.query(
        "INSERT INTO chengdan.conflict (id, name, object, record_id, subject, people, facts, state, found_at) "
        "VALUES (%s, 'account_contested', 'account', %s, '', '{}', '[]', 'open', now()) RETURNING id",
        id,
        named.ids["id"],
    )
    return Named({**named.ids, "conflict": id}, named.words)


def document(house: House) -> Named:
    """A PDF of one page."""
    return _file(house, "PDF")


def picture(house: House) -> Named:
    return _file(house, "PNG")


def _file(house: House, format: str) -> Named:
    stream, filing = BytesIO(), {"object": "opportunity", "record": opportunity(house).ids["id"]}
    Image.new("RGB", (40, 40), "white").save(stream, format)
    files = {"file": (f"内部.{format.lower()}", stream.getvalue())}
    return Named({"id": house.admin.json("POST", "/api/files", status=201, files=files, data=filing)["id"]})


def signature(house: House) -> Named:
    """A scan on which no signature was found."""
    named = opportunity(house)
    file = house.admin.json("POST", "/api/files", status=201, files={"file": ("a.txt", b"x")})["id"]
    scan = Sign("opportunity", UUID(named.ids["id"]), "pain_form", UUID(file), found=False)
    house.site.runtime.act(house.administrator, scan)
    [(id,)] = house.query("SELECT id FROM chengdan.signature WHERE file_id = %s", file)
    return Named({**named.ids, "signature": str(id)}, named.words)


def draft(house: House) -> Named:
    id = house.admin.json("POST", "/api/mail/drafts", {}, 201)["id"]
    return Named({"id": id, "thread": UUID(id).hex}, {"object": "email"})


def unread(house: House) -> Named:
    """A mail that came in."""
    named = draft(house)
    thread, id = named.ids["thread"], UUID(named.ids["id"])
    with house.site.runtime.unit(house.administrator) as unit:
        write(unit, id, direction="incoming", status="received", unread=True, thread=thread)
    return named


def stranger(house: House) -> Named:
    """A contact that is hidden from the rep, to whom a stranger has written."""
    rep, address = house.visitors[REP], f"{uuid4().hex}@chengdan.example"
    mailbox = rep.json("POST", "/api/mail/accounts", {"address": address}, 201)["id"]
    message = letter(f"{uuid4().hex}@client.example", address, "询价").as_bytes(policy=policy.SMTP)
    with house.site.runtime.pool.connection() as connection:
        found = accounts.find(connection, UUID(mailbox))
    assert found is not None
    assert take(house.site.runtime, found, message) == "stranger"
    [(id,)] = house.query("SELECT id FROM chengdan.mail_stranger WHERE account = %s", mailbox)
    return Named({"contact": _contact(house.admin)}, {"id": str(id)}, {"contact": _contact(rep)})


def _contact(visitor: Visitor) -> str:
    body = {"name": a_name("王敏"), "account": an_account(visitor)["id"]}
    return str(visitor.json("POST", "/api/records/contact", body, 201)["id"])


def review(house: House) -> Named:
    """A review of the administrator's work in the hands of sales operations, made as a draw makes it."""
    named, me = opportunity(house), house.admin.me["id"]
    given = {"name": "抽查", "owner": house.visitors["sales_ops"].me["id"]}
    asked = {**given, "status": "assigned", "subject": named.ids["id"], "judged": me}
    with house.site.runtime.unit(CLERK) as unit:
        made = apply(unit, Create("audit_review", asked))
        item = {**given, "review": str(made["id"]), "deliverable": "budget", "weight": 1}
        verdict = apply(unit, Create("audit_verdict", item))
    return Named({"id": str(made["id"]), "verdict": str(verdict["id"])}, {"audit": "process"})


def verdict(house: House) -> Named:
    named = review(house)
    return Named({"id": named.ids["verdict"]}, named.words)


def draw(house: House) -> Named:
    return Named({"id": house.admin.first("audit_draw")["id"]}, {"audit": "process"})


def beside_an_own_one(hidden: Callable[[House], Named]) -> Callable[[House], Named]:
    """The belongings of a hidden record, asked for beside a record of the rep's."""

    def named(house: House) -> Named:
        made, rep = hidden(house), house.visitors[REP]
        own = an_account(rep) if made.words["object"] == "account" else an_opportunity(rep)
        rest = {name: id for name, id in made.ids.items() if name != "id"}
        return Named(rest, {**made.words, "id": own["id"]}, {"id": made.ids["id"]})

    return named


def next_to_an_own_one(house: House) -> Named:
    """An opportunity of the rep's beside the hidden one."""
    named = opportunity(house)
    return Named(named.ids, {**named.words, "own": an_opportunity(house.visitors[REP])["id"]})


# --- the rows


@dataclass(frozen=True)
class Row:
    """One request for what `of` hides from those `by` whom it is made; who `may` is answered with `answer` (0: not asked, as
    another row shows that it is there, and the answer takes long).

    `form` is sent with a file, in the place of a body. With `permission`, the route asks for one that only the manager has:
    the others are refused for its lack, whatever they ask for.
    """

    body: Any = None
    of: Callable[[House], Named] = opportunity
    by: tuple[str, ...] = USUAL
    answer: int = 200
    may: str = "admin"
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    permission: bool = False

    def ask(self, visitor: Visitor, route: str, names: Mapping[str, str]) -> httpx.Response:
        method, path = route.split()
        names = {**names, **self.words}
        url, query = path.format(**names), filled(self.query, names)
        if self.form is not None:
            file = {"file": ("a.txt", b"x")}
            return visitor.request(method, url, params=query, files=file, data=filled(self.form, names))
        return visitor.request(method, url, params=query, json=filled(self.body, names))


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """The value with names in their places."""
    if isinstance(value, Mapping):
        return {key: filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


ONE = "/api/records/{object}/{id}"
TEXT = {"text": "x"}
PAIN = {"deliverable": "pain_form"}
PRINTED = 0 if FONT.is_file() else 503
"""What is answered where the page, which brings the font, isn't built."""

WHY = {"signature": "{signature}", "reason": "电话里确认过"}
MINE, THEIRS = beside_an_own_one(comment), beside_an_own_one(conflict)
ROWS: dict[str, list[Row]] = {
    f"GET {ONE}": [
        Row(by=EVERYBODY),
        Row(of=activity, by=EVERYBODY),
        Row(of=archived),
        Row(of=draft, by=EVERYBODY),
        Row(of=account),
        Row(query={"expand": "owner", "able": "true"}),
    ],
    f"PATCH {ONE}": [
        Row({"version": 1, "next_step": "x"}),
        Row({"version": 1, "cost": 1}, by=(FINANCE,)),
        Row({"version": 1, "subject": "x"}, of=activity, by=EVERYBODY),
    ],
    f"DELETE {ONE}": [Row(), Row(of=activity, by=EVERYBODY)],
    f"POST {ONE}/restore": [Row({}, of=archived)],
    f"GET {ONE}/timeline": [Row(by=EVERYBODY), Row(query={"field": "amount"}), Row(of=activity)],
    f"GET {ONE}/viewers": [Row(permission=True)],
    f"GET {ONE}/access": [Row()],
    f"GET {ONE}/shares": [Row()],
    f"POST {ONE}/shares": [Row({"user": "{rep}"})],
    f"DELETE {ONE}/shares": [Row(query={"user": "{rep}"})],
    f"POST {ONE}/move": [
        Row({"to": "discovery", "version": 1, "override_reason": "x"}),
        Row({"to": "lost", "version": 7}, answer=409),
    ],
    f"GET {ONE}/gate": [Row(), Row(query={"to": "won"})],
    f"POST {ONE}/substeps": [Row({"name": "needs_confirmed"})],
    f"GET {ONE}/files": [Row(by=EVERYBODY)],
    "POST /api/files": [
        Row(form={"object": "{object}", "record": "{id}", "kind": "quote"}, answer=201),
        Row(form={"object": "{object}", "record": "{id}", "kind": "pain_confirmation"}, answer=0),
    ],
    "GET /api/files/{id}": [Row(of=document, by=EVERYBODY)],
    "GET /api/files/{id}/thumbnail": [Row(of=picture)],
    "GET /api/files/{id}/pages": [Row(of=document, answer=0)],
    "GET /api/files/{id}/pages/{page}": [Row(of=document, words={"page": "1"}, answer=0)],
    "DELETE /api/files/{id}": [Row(of=document, answer=204)],
    f"GET {ONE}/forms/{{template}}": [
        Row(words={"template": "pain_confirmation"}, answer=PRINTED or 200, by=EVERYBODY)
    ],
    f"POST {ONE}/signature/link": [Row(PAIN, answer=PRINTED or 201)],
    f"DELETE {ONE}/signature/link": [Row(query=PAIN, answer=204)],
    f"POST {ONE}/signature/vouch": [
        Row(WHY, of=signature, permission=True, answer=204),
        Row(WHY, of=beside_an_own_one(signature), permission=True, answer=204),
    ],
    f"GET {ONE}/comments": [Row(of=comment, by=EVERYBODY)],
    f"POST {ONE}/comments": [Row(TEXT, answer=201, by=EVERYBODY)],
    f"PATCH {ONE}/comments/{{comment}}": [Row(TEXT, of=comment), Row(TEXT, of=MINE)],
    f"DELETE {ONE}/comments/{{comment}}": [
        Row(of=comment, answer=204),
        Row(of=MINE, answer=204),
    ],
    f"GET {ONE}/followers": [Row()],
    f"POST {ONE}/followers": [Row({})],
    f"DELETE {ONE}/followers": [Row()],
    f"GET {ONE}/conflicts": [Row(), Row(of=conflict)],
    f"POST {ONE}/conflicts/{{conflict}}": [
        Row({"how": "share"}, of=conflict),
        Row({"how": "done", "reason": "x"}, of=conflict),
        Row({"how": "share"}, of=THEIRS),
    ],
    f"POST {ONE}/release": [Row({"note": "x"}, of=account)],
    "POST /api/pools/{pool}/claim": [
        Row({"ids": ["{id}"]}, of=held, by=(REP, TOKEN), may=REP),
        Row({"ids": ["{id}"], "person": "{rep}"}, of=held, by=(MANAGER,), may=MANAGER),
    ],
    "POST /api/pools/{pool}/release": [Row({"ids": ["{id}"], "note": "x"}, of=account)],
    "POST /api/records/{object}/bulk": [
        Row({"ids": ["{id}"], "changes": {"next_step": "x"}}, permission=True),
        Row({"ids": ["{id}"], "move": {"to": "discovery", "override_reason": "x"}}, permission=True),
        Row({"ids": ["{id}"], "archive": True}, permission=True),
        Row({"items": [{"id": "{id}", "changes": {"next_step": "x"}}]}, permission=True),
    ],
    "GET /api/records/{object}/merge": [Row(query={"from": "{id}"}, permission=True)],
    "POST /api/records/{object}/merge": [
        Row({"into": "{own}", "from": "{id}"}, of=next_to_an_own_one, permission=True),
        Row({"into": "{id}", "from": "{own}"}, of=next_to_an_own_one, permission=True),
    ],
    "GET /api/scores/{name}/records/{id}": [Row(of=account, words={"name": "health"})],
    "GET /api/audits/{audit}/reviews/{id}": [Row(of=review)],
    "PATCH /api/audits/{audit}/verdicts/{id}": [Row({"verdict": "met"}, of=verdict, may="sales_ops")],
    "POST /api/audits/{audit}/reviews/{id}/submit": [Row({}, of=review, answer=422, may="sales_ops")],
    "POST /api/audits/{audit}/reviews/{id}/accept": [Row({}, of=review, answer=409)],
    "POST /api/audits/{audit}/reviews/{id}/appeal": [Row({"reason": "x"}, of=review, answer=409)],
    "GET /api/audits/{audit}/draws/{id}/strata": [Row(of=draw, by=("csm",))],
    "GET /api/audits/{audit}/draws/{id}/check": [Row(of=draw, by=("csm",), answer=0)],
    "GET /api/audits/{audit}/draws/{id}/export": [Row(of=draw, by=("csm",), answer=0)],
    "GET /api/mail/threads/{thread}": [Row(of=draft), Row(of=unread, by=EVERYBODY)],
    "GET /api/mail/letters/{letter}": [
        Row(query={"object": "{object}", "record": "{id}"}, words={"letter": "proposal"})
    ],
    "POST /api/mail/drafts": [
        Row({"object": "{object}", "record": "{id}"}, answer=201),
        Row({"object": "{object}", "record": "{id}", "letter": "proposal"}, answer=201),
        Row({"answers": "{id}"}, of=unread, answer=201),
    ],
    "GET /api/mail/mails/{id}": [Row(of=draft), Row(of=unread, by=EVERYBODY)],
    "POST /api/mail/mails/{id}/send": [Row({"version": 1}, of=draft, answer=422, by=EVERYBODY)],
    "POST /api/mail/mails/{id}/decide": [Row({"again": True}, of=draft, answer=409, by=EVERYBODY)],
    "GET /api/mail/mails/{id}/body": [Row(of=draft), Row(of=unread, by=EVERYBODY)],
    "POST /api/mail/strangers/{id}/link": [
        Row({"object": "contact", "record": "{contact}"}, of=stranger, by=(REP, TOKEN), may=REP)
    ],
}

LISTS = "records by what a list finds: `test_access.py::test_a_hidden_record_is_in_no_list_no_search_and_no_figure`"
NEW = "a new record; what it refers to: `test_access.py::test_a_reference_to_a_hidden_record_is_refused`"
LIKENESS = (
    "a new record; of a hidden one that is the same only this is told, and whom to ask: `test_conflicts.py`"
)
NEWS = "a stream of what its hearer sees: `test_live.py`"
FIGURES = "figures of many, or a list of them, within reach"
TRAIL = "for those with the permission `audit`, who see all"
TABLES = "a table or log of one's own; by the permission `import`"
FILES_OF_JOBS = "a job, which is there for whoever asked for it: `test_jobs.py`"
PERSON = "a person, whom everybody sees; by permission: `test_people.py`, `test_leaving.py`"
OWN = "a person's own: log-in, sessions, tokens, views, settings, messages, feeds"
SETTING = "channels and definitions, by permission; no records"
MAILBOX = "a mailbox or what lies in it, its owner's alone: `test_mail.py`"
SECRET = "opened by a secret, whoever knows it: `test_public.py`, `test_signing.py`, `test_mail.py`"
ALIKE = "changes only own mails, and tells how many: the same for a thread that is not there"
PLAIN = "names nothing"
NAMELESS: dict[str, str] = {
    "GET /api/records/{object}": LISTS,
    "GET /api/records/{object}/options": LISTS,
    "POST /api/records/{object}/aggregate": LISTS,
    "GET /api/search": LISTS,
    "POST /api/records/{object}/export": LISTS,
    "GET /api/records/{object}/export": LISTS,
    "POST /api/records/{object}": NEW,
    "POST /api/records/{object}/duplicates": LIKENESS,
    "GET /api/conflicts": FIGURES,
    "GET /api/pools": FIGURES,
    "GET /api/pools/{pool}": FIGURES,
    "GET /api/process/{pipeline}/report": FIGURES,
    "GET /api/process/{pipeline}/map": FIGURES,
    "GET /api/process/{pipeline}/comparison": FIGURES,
    "GET /api/process/{pipeline}/records": FIGURES,
    "GET /api/process/{pipeline}/steps/{step}": FIGURES,
    "GET /api/process/{pipeline}/steps/{step}/hard": FIGURES,
    "POST /api/process/{pipeline}/export": FIGURES,
    "POST /api/home/{panel}/export": FIGURES,
    "GET /api/home/{panel}/export": FIGURES,
    "GET /api/home": FIGURES,
    "GET /api/metrics": FIGURES,
    "GET /api/metrics/{name}": FIGURES,
    "GET /api/scores/{name}": FIGURES,
    "GET /api/audits": FIGURES,
    "GET /api/audits/{audit}/bonus": FIGURES,
    "GET /api/live": NEWS,
    "GET /api/events": TRAIL,
    "POST /api/events/export": TRAIL,
    "POST /api/events/verify": TRAIL,
    "GET /api/records/{object}/import/template": TABLES,
    "POST /api/records/{object}/import/preview": TABLES,
    "POST /api/records/{object}/import": TABLES,
    "POST /api/histories/preview": TABLES,
    "POST /api/histories": TABLES,
    "POST /api/histories/sets/{set}": TABLES,
    "GET /api/jobs": FILES_OF_JOBS,
    "GET /api/jobs/{id}": FILES_OF_JOBS,
    "GET /api/jobs/{id}/file": FILES_OF_JOBS,
    "GET /api/jobs/{id}/errors": FILES_OF_JOBS,
    "POST /api/jobs/{id}/run": FILES_OF_JOBS,
    "POST /api/jobs/{id}/cancel": FILES_OF_JOBS,
    "POST /api/handovers/back": FILES_OF_JOBS,
    "GET /api/users": PERSON,
    "GET /api/users/{id}/holdings": PERSON,
    "POST /api/users/{id}/handover": PERSON,
    "GET /api/handovers": PERSON,
    "GET /api/people/{id}/log-in": PERSON,
    "POST /api/people/{id}/log-in/link": PERSON,
    "DELETE /api/people/{id}/log-in/sessions": PERSON,
    "POST /api/auth/login": OWN,
    "POST /api/auth/logout": OWN,
    "POST /api/auth/password": OWN,
    "GET /api/me": OWN,
    "PATCH /api/me": OWN,
    "GET /api/sessions": OWN,
    "DELETE /api/sessions/{id}": OWN,
    "GET /api/tokens": OWN,
    "POST /api/tokens": OWN,
    "DELETE /api/tokens/{id}": OWN,
    "GET /api/notifications": OWN,
    "GET /api/notifications/settings": OWN,
    "PATCH /api/notifications/settings": OWN,
    "POST /api/notifications/read": OWN,
    "GET /api/views": OWN,
    "POST /api/views": OWN,
    "POST /api/views/default": OWN,
    "PATCH /api/views/{id}": OWN,
    "DELETE /api/views/{id}": OWN,
    "GET /api/calendar/feed": OWN,
    "POST /api/calendar/feed": OWN,
    "DELETE /api/calendar/feed": OWN,
    "GET /api/outlets": SETTING,
    "POST /api/outlets": SETTING,
    "PATCH /api/outlets/{id}": SETTING,
    "DELETE /api/outlets/{id}": SETTING,
    "POST /api/outlets/{id}/test": SETTING,
    "GET /api/deliveries": SETTING,
    "POST /api/deliveries/resend": SETTING,
    "POST /api/process/{pipeline}/steps/{step}/hard": SETTING,
    "GET /api/scores/{name}/definition": SETTING,
    "POST /api/scores/{name}/preview": SETTING,
    "POST /api/scores/{name}/publish": SETTING,
    "POST /api/scores/{name}/restore": SETTING,
    "POST /api/scores/{name}/recompute": SETTING,
    "POST /api/studio/validate": SETTING,
    "POST /api/studio/plan": SETTING,
    "POST /api/studio/publish": SETTING,
    "GET /api/studio/export": SETTING,
    "GET /api/mail/threads": MAILBOX,
    "GET /api/mail/counts": MAILBOX,
    "GET /api/mail/strangers": MAILBOX,
    "DELETE /api/mail/strangers/{id}": MAILBOX,
    "GET /api/mail/accounts": MAILBOX,
    "POST /api/mail/accounts": MAILBOX,
    "PATCH /api/mail/accounts/{id}": MAILBOX,
    "DELETE /api/mail/accounts/{id}": MAILBOX,
    "POST /api/mail/accounts/{id}/test": MAILBOX,
    "POST /api/mail/accounts/{id}/webhook": MAILBOX,
    "POST /api/mail/threads/{thread}/read": ALIKE,
    "POST /api/mail/inbound/{account}": SECRET,
    "GET /api/public/{token}": SECRET,
    "GET /api/public/{token}/pages/{page}": SECRET,
    "POST /api/public/{token}": SECRET,
    "GET /api/calendar.ics": SECRET,
    "GET /m/{token}": SECRET,
    "POST /api/auth/link": SECRET,
    "POST /api/auth/link/password": SECRET,
    "GET /api/mail/letters": PLAIN,
    "GET /api/catalog": PLAIN,
    "POST /api/expressions/check": PLAIN,
    "GET /api/signature/certificates": PLAIN,
    "GET /api/health": PLAIN,
    "GET /api/openapi.json": PLAIN,
}


def cases() -> Iterator[Any]:
    for route, rows in ROWS.items():
        for number, row in enumerate(rows, 1):
            yield pytest.param(route, row, id=f"{route} {number}")


def test_every_route_has_its_rows_or_names_no_record() -> None:
    """A new one fails here until it is tried above, or it is said why it names no record."""
    routes = {f"{one.method} {one.path}" for one in ENDPOINTS} | {f"GET {one.path}" for one in live.ROUTES}

    assert routes == ROWS.keys() | NAMELESS.keys()
    assert ROWS.keys().isdisjoint(NAMELESS)
    assert all(ROWS.values())


@pytest.mark.parametrize(("route", "row"), [*cases()])
def test_a_hidden_record_is_told_like_one_that_is_not_there(house: House, route: str, row: Row) -> None:
    named = house.named(route, row.of)
    words = {**named.words, "rep": house.visitors[REP].me["id"]}
    there, nowhere = {**words, **named.ids}, {**words, **dict.fromkeys(named.ids, NOTHING)}

    nothing: dict[tuple[int, str], Any] = {}
    for who in row.by:
        expected = (403, "ACCESS-002") if row.permission and who != MANAGER else (404, "RECORD-001")
        if expected not in nothing:
            nothing[expected] = refusal(row.ask(house.visitors[who], route, nowhere))
        refused = refusal(row.ask(house.visitors[who], route, there))
        assert (who, *refused[:2]) == (who, *expected)
        assert refused == nothing[expected]

    if not row.answer:
        return
    answer = row.ask(house.visitors[row.may], route, {**there, **named.instead})
    assert answer.status_code == row.answer, answer.text
    if "json" in answer.headers.get("content-type", ""):
        assert answer.json().get("refused", []) == []


def refusal(answer: httpx.Response) -> tuple[int, str, Any]:
    """Status and code of a refusal, and all that it says; in a report over one record, what is said of that one."""
    body = answer.json()
    if answer.status_code == 200 and body.keys() == {"done", "refused"}:
        assert body["done"] == 0
        [errors] = [one["errors"] for one in body["refused"]]
        return 404, errors[0]["code"], errors
    return answer.status_code, body.get("code", ""), body


def test_a_thread_that_is_hidden_stays_unread_and_is_answered_like_one_that_is_not_there(
    house: House,
) -> None:
    thread = unread(house).ids["thread"]

    for who in EVERYBODY:
        for asked in (thread, UUID(NOTHING).hex):
            path = f"/api/mail/threads/{asked}/read"
            assert house.visitors[who].json("POST", path, {}) == {"changed": 0}
    assert house.admin.json("POST", f"/api/mail/threads/{thread}/read", {}) == {"changed": 1}
