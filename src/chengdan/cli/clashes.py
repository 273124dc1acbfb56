"""What lately went wrong in the demo company: people who cross each other's way without knowing. Done as they would do it."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.kernel.likeness import company_name
from chengdan.run.commands import Create
from chengdan.run.conflicts import watching
from chengdan.run.read import ListQuery, list_records
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.run.uploads import Filing, upload
from chengdan.sales.demo.documents import documents

_OPEN = 'not (stage in ["won", "lost"])'
_OTHER_REPS = (
    'SELECT u.id FROM data."user" u JOIN data."user" r ON r.id = %s WHERE \'rep\' = ANY(u.roles) AND u.id <> r.id '
    "ORDER BY u.team IS DISTINCT FROM r.team, u.id LIMIT 3"
)


def clash(runtime: Runtime, rep: Principal) -> None:
    """Let colleagues of `rep` get in their way, then look for conflicts once."""
    doorman = Doorman(runtime)
    with runtime.pool.connection() as connection:
        others = [
            doorman.principal_of(id) for (id,) in connection.execute(_OTHER_REPS, (rep.user,)).fetchall()
        ]
    if others:
        mate, stranger = others[0], others[-1]
        _contest(runtime, rep, mate)
        _know_twice(runtime, rep, stranger)
        _enter_twice(runtime, rep, stranger)
        _hand_out(runtime, rep, mate)
    watching.sweep(runtime)


def _first(
    runtime: Runtime, who: Principal, object: str, filter: str, sort: str = ""
) -> Mapping[str, Any] | None:
    return next(iter(_some(runtime, who, object, filter, sort, limit=1)), None)


def _some(
    runtime: Runtime, who: Principal, object: str, filter: str, sort: str, limit: int
) -> list[Mapping[str, Any]]:
    with runtime.reader(who) as reader:
        page = list_records(reader, ListQuery(object, filter=filter, sort=sort, limit=limit))
    return [loads_exact(item) for item in page.items]


def _contest(runtime: Runtime, rep: Principal, mate: Principal) -> None:
    """A colleague of the same team calls an account that is being worked on."""
    account = _first(
        runtime, rep, "account", "owner == me and open_opportunity_count > 0", "-last_activity_at"
    )
    if account is None:
        return
    for days, kind, subject, content in (
        (3, "call", "电话了解二期扩产计划", "客户设备科说年底前要扩产，想先看方案。"),
        (1, "meeting", "现场沟通扩产方案", "与生产经理谈了 40 分钟，约下周给报价。"),
    ):
        at = runtime.clock() - timedelta(days=days)
        values = {
            "kind": kind,
            "subject": subject,
            "content": content,
            "at": at.isoformat(),
            "outcome": "positive",
        }
        runtime.act(mate, Create("activity", {**values, "account": account["id"]}))


def _know_twice(runtime: Runtime, rep: Principal, other: Principal) -> None:
    """Somebody enters a contact of `rep` under an account of their own."""
    contact = _first(
        runtime, rep, "contact", 'owner == me and role == "decision_maker" and mobile != null', "-created_at"
    )
    account = _first(runtime, other, "account", "owner == me")
    if contact is not None and account is not None:
        values = {name: contact[name] for name in ("name", "mobile", "title", "role")}
        runtime.act(other, Create("contact", {**values, "account": account["id"]}))


def _enter_twice(runtime: Runtime, rep: Principal, other: Principal) -> None:
    """Somebody enters an account of `rep` again, the city written in another place."""
    account = _first(runtime, rep, "account", "owner == me and open_opportunity_count > 0", "created_at")
    name = company_name(account["name"]) if account is not None else None
    if account is not None and name is not None and name.city:
        values = {
            "name": f"{name.core}（{name.city}）有限公司",
            "industry": account["industry"],
            "city": account["city"],
        }
        runtime.act(other, Create("account", values))


def _hand_out(runtime: Runtime, rep: Principal, mate: Principal) -> None:
    """Two people give their customers different editions of one product's material."""
    for one in _some(
        runtime, rep, "opportunity", f"owner == me and {_OPEN} and product != null", "-created_at", limit=50
    ):
        same = f'owner == me and product.id == "{one["product"]}" and id != "{one["id"]}"'
        for other, filter in ((mate, f"{same} and {_OPEN}"), (rep, same)):
            two = _first(runtime, other, "opportunity", filter)
            if two is not None:
                _give(runtime, other, two, "V1.2", "quote")
                _give(runtime, rep, one, "V2.0", "it_architecture")
                return


def _give(runtime: Runtime, who: Principal, opportunity: Mapping[str, Any], edition: str, kind: str) -> None:
    """File an edition of the product's material with an opportunity."""
    filing = Filing("opportunity", UUID(opportunity["id"]), "product_material")
    upload(runtime, who, f"产品方案 {edition}.png", BytesIO(documents()[kind].content), filing, "page")
