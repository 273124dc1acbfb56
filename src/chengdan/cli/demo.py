"""The demo company: loading it, and the log-ins that it comes with."""

from collections.abc import Mapping
from uuid import UUID

from chengdan.base.json import loads_exact
from chengdan.cli import demo_outlets
from chengdan.cli.clashes import clash
from chengdan.cli.demo_audits import hold_audits
from chengdan.cli.demo_mail import write_mail
from chengdan.cli.demo_signing import ask_to_sign
from chengdan.cli.pooling import fill_pools
from chengdan.kernel.access import Principal
from chengdan.run import loading, scoring
from chengdan.run.commands import Comment, Update
from chengdan.run.passwords import hash_password
from chengdan.run.read import MAX_LIMIT, ListQuery, get_record, list_ids, list_records
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.sales.demo import LOGINS, DemoCompany
from chengdan.sales.demo.documents import documents
from chengdan.sales.demo.talk import REMARKS
from chengdan.store import records, sessions

PASSWORD = "chengdan-demo"
SEED = 1


def load_demo(
    runtime: Runtime, scale: float = 1.0, seed: int = SEED, told: loading.Told = lambda step: None
) -> dict[str, int]:
    """Load the demo company into an empty installation, with its log-ins. Raises NotEmpty, PartlyLoaded."""
    with loading.undertaken(runtime):
        company = DemoCompany(seed, scale, runtime.clock())
        files = [(one.name, one.mime, one.sha256, one.content) for one in documents().values()]
        counts = loading.load(runtime, company.beginning(), files, company, told)
        _furnish(runtime, told)
    return counts


def _furnish(runtime: Runtime, told: loading.Told) -> None:
    """Give the log-ins their passwords, work out the scores, and let people do what no record of the past tells."""
    hashed = hash_password(PASSWORD)
    with runtime.pool.connection() as connection:
        for username in LOGINS:
            found = sessions.password_of(connection, username)
            if found is not None:
                sessions.set_password(connection, found[0], hashed, runtime.clock())
    told("算分 Working out scores…")
    for score in runtime.snapshot.scores.values():
        scoring.recompute(runtime, score)
    told("布置现场 Setting the scene…")
    people = _people(runtime)
    fill_pools(runtime, people["rep"])
    demo_outlets.set_up(runtime, people["admin"])
    _talk(runtime, people)
    _call_for_help(runtime, people["rep"])
    clash(runtime, people["rep"])
    ask_to_sign(runtime, people["rep"])
    write_mail(runtime, people["rep"])
    _look(runtime, people)
    told("抽查 Holding audits…")
    hold_audits(runtime)


def _look(runtime: Runtime, people: Mapping[str, Principal]) -> None:
    """Let some open the newest contacts of the rep, and others see them in a list, so that it is known who looked."""
    query = ListQuery("contact", filter='owner.username == "rep"', limit=20)
    for name in ("manager", "sales_ops", "csm"):
        with runtime.reader(people[name]) as reader:
            found = list_records(reader, query).items
            for text in found[:3]:
                get_record(reader, "contact", UUID(loads_exact(text)["id"]))
    runtime.sightings.flush()


def _people(runtime: Runtime) -> dict[str, Principal]:
    """The people with log-ins, by their user names."""
    doorman = Doorman(runtime)
    with runtime.pool.connection() as connection:
        ids = {name: found[0] for name in LOGINS if (found := sessions.password_of(connection, name))}
    return {name: doorman.principal_of(id) for name, id in ids.items()}


def _talk(runtime: Runtime, people: Mapping[str, Principal]) -> None:
    """Let the people with log-ins write to each other, as they would themselves."""
    spoken_of: set[UUID] = set()
    for remark in REMARKS:
        if remark.author not in people or remark.to not in people:
            continue
        author, other = people[remark.author], people[remark.to]
        record = _seen_by_both(runtime, author, other, remark.filter, spoken_of)
        if record is not None:
            spoken_of.add(record)
            text = f"@{other.name} {remark.text}"
            runtime.act(author, Comment("opportunity", record, text, (other.user,)))


def _call_for_help(runtime: Runtime, rep: Principal) -> None:
    """Let the rep ask for company in the largest deals that are being quoted."""
    query = ListQuery("opportunity", filter='owner == me and stage == "proposal"', sort="-amount", limit=2)
    with runtime.reader(rep) as reader:
        ids, _ = list_ids(reader, query)
    for id in ids:
        runtime.act(rep, Update("opportunity", id, None, {"needs_help": True}))


def _seen_by_both(
    runtime: Runtime, author: Principal, other: Principal, filter: str, spoken_of: set[UUID]
) -> UUID | None:
    """The newest opportunity that fits in the other's eyes and is within the author's reach; each is spoken of once."""
    query = ListQuery("opportunity", filter=filter, limit=MAX_LIMIT)
    with runtime.reader(other) as reader:
        ids, _ = list_ids(reader, query)
    with runtime.reader(author) as reader:
        seen = records.visible(reader, "opportunity", ids)
    return next((id for id in ids if id in seen and id not in spoken_of), None)


def is_demo(runtime: Runtime) -> bool:
    """Whether the people of this installation are those of the demo company."""
    with runtime.pool.connection() as connection:
        found = connection.execute(
            'SELECT 1 FROM data."user" u JOIN chengdan.event e ON e.record_id = u.id '
            "WHERE u.username = %s AND e.kind = 'record.created' AND e.cause = %s",
            (LOGINS[0], loading.CAUSE),
        ).fetchone()
    return found is not None
