"""Setting up outlets: who may, what is kept, and whether it works. Addresses and secrets are sealed and never read back."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.outlet import KINDS, Line, Message, OutletKind, Verdict
from chengdan.kernel.outlet.webhook import PREFIX, key_of
from chengdan.run import channels
from chengdan.run.errors import NotFound, StaleRecord, TooMany
from chengdan.run.holding import require
from chengdan.run.outgoing import courier
from chengdan.run.outgoing.links import link
from chengdan.run.outgoing.post import Gate
from chengdan.run.runtime import Runtime
from chengdan.store import deliveries, outlets
from chengdan.store.outlets import MAX_OUTLETS, Outlet
from chengdan.store.unit import Unit

PERMISSION = "outlets"
MAX_NAME, MAX_SECRET, MAX_CHOSEN = 60, 200, 200
LOCALES = ("zh-CN", "en")


class BadOutlet(ChengdanError):
    """A member of an outlet that does not fit; `path` names it."""

    code = "OUTLET-003"
    status = 422
    zh = "通知渠道的设置不对：{what}"
    en = "The outlet is not set up rightly: {what}"


class OutletBusy(ChengdanError):
    """A test while the outlet sends, or too soon after its last message."""

    code = "OUTLET-004"
    status = 409
    zh = "这个渠道正在发送，或刚发过。"
    en = "The outlet is sending, or has just sent."
    hint_zh = "几秒后再试。"
    hint_en = "Try again in some seconds."


@dataclass(frozen=True, slots=True)
class Setting:
    """What an administrator says of an outlet. `address` and `secret` "": as they were; a webhook gets a secret if it has none."""

    name: str
    kind: str
    address: str
    secret: str
    locale: str
    active: bool
    kinds: frozenset[str]
    urgent_only: bool
    teams: frozenset[UUID]
    roles: frozenset[str]
    people: frozenset[UUID]


def put(runtime: Runtime, unit: Unit, id: UUID | None, version: int, setting: Setting) -> tuple[UUID, str]:
    """Make an outlet, or change the one of that id and version; its id, and the secret if one was made up for it.

    Raises NotPermitted, NotFound, StaleRecord, BadOutlet, AddressRefused, TooMany.
    """
    require(unit, PERMISSION)
    before = held(unit, id) if id else None
    if before and before.version != version:
        raise StaleRecord(current=before.version, seen=version)
    if before is None and len(outlets.all_outlets(unit.connection)) >= MAX_OUTLETS:
        raise TooMany(limit=MAX_OUTLETS)
    _check(unit, before, setting, Gate.of(runtime.config.outgoing_allow))
    own = before.id if before else new_id()
    made_up = "" if setting.secret or (before and before.secret) else _made_up(KINDS[setting.kind])
    address, host, secret = _sealed(runtime, own, before, setting, made_up)
    unit.execute(
        outlets.PUT,
        (
            own,
            before.version + 1 if before else 1,
            setting.name,
            setting.kind,
            address,
            host,
            secret,
            setting.locale,
            setting.active,
            sorted(setting.kinds),
            setting.urgent_only,
            sorted(setting.teams),
            sorted(setting.roles),
            sorted(setting.people),
            unit.now,
            unit.principal.user,
        ),
    )
    _record(unit, own, setting.name, "changed" if before else "made", _changed(before, setting))
    return own, made_up


def remove(unit: Unit, id: UUID) -> None:
    """Take an outlet away; what waited for it is given up, its log stays. Raises NotPermitted, NotFound."""
    require(unit, PERMISSION)
    found = held(unit, id)
    unit.execute(outlets.REMOVE, (id,))
    unit.execute(deliveries.DROP_WAITING, (id,))
    _record(unit, id, found.name, "removed", [])


def test(runtime: Runtime, principal: Principal, id: UUID) -> Verdict:
    """Send a test message through an outlet now. Raises NotPermitted, NotFound, OutletBusy."""
    now, lease, words = runtime.clock(), new_id(), _TEST
    with runtime.unit(principal) as unit:
        require(unit, PERMISSION)
        held(unit, id)
        outlet = outlets.take_one(unit.connection, id, now, lease)
        if outlet is None:
            raise OutletBusy()
        delivery = deliveries.begin_test(unit.connection, id, principal.user, (words.zh, words.en), now)
    line = Line(delivery, deliveries.TEST, now, words, (principal.name,), url=link(runtime.config, "", None))
    verdict = courier.deliver(runtime, outlet, Message((line,), "en" if outlet.locale == "en" else "zh-CN"))
    courier.finish(runtime, outlet, lease, [delivery], verdict)
    return verdict


def resend(unit: Unit, ids: list[UUID]) -> int:
    """Queue deliveries anew that were given up; how many there were. Raises NotPermitted."""
    require(unit, PERMISSION)
    return len(unit.execute(deliveries.RESEND, (unit.now, ids)).fetchall())


def held(unit: Unit, id: UUID) -> Outlet:
    """The outlet. Raises NotFound."""
    found = outlets.outlet(unit.connection, id)
    if found is None:
        raise NotFound()
    return found


_TEST = Label("测试消息：这个通知渠道已经接通。", "Test: this outlet works.")


def _check(unit: Unit, before: Outlet | None, setting: Setting, gate: Gate) -> None:
    kind = KINDS.get(setting.kind)
    if kind is None or (before and before.kind != setting.kind):
        raise _bad("kind", "没有这种渠道，或不能改换", "there is no such kind, or it can't be changed")
    if not 0 < len(setting.name.strip()) <= MAX_NAME:
        raise _bad("name", f"名称应有 1–{MAX_NAME} 个字", f"the name needs 1–{MAX_NAME} characters")
    if setting.locale not in LOCALES:
        raise _bad("locale", "语言应为 zh-CN 或 en", "the language is zh-CN or en")
    if setting.address:
        gate.check(setting.address)
    elif before is None:
        raise _bad("address", "缺少地址", "the address is missing")
    _check_secret(kind, setting.secret)
    known = {one.name for one in channels.all_kinds(unit.snapshot)}
    if unknown := setting.kinds - known - (before.audience.kinds if before else frozenset()):
        raise _bad("kinds", f"没有通知“{min(unknown)}”", f"there is no notification `{min(unknown)}`")
    if (
        unknown := setting.roles
        - unit.snapshot.roles.keys()
        - (before.audience.roles if before else frozenset())
    ):
        raise _bad("roles", f"没有角色“{min(unknown)}”", f"there is no role `{min(unknown)}`")
    for name in ("kinds", "roles", "teams", "people"):
        if len(getattr(setting, name)) > MAX_CHOSEN:
            raise _bad(name, f"最多 {MAX_CHOSEN} 个", f"at most {MAX_CHOSEN}")


def _check_secret(kind: OutletKind, secret: str) -> None:
    if secret and kind.secret == "none":
        raise _bad("secret", "这种渠道没有密钥", "this kind has no secret")
    if len(secret) > MAX_SECRET or not secret.isprintable():
        raise _bad("secret", "密钥太长或含有不可见字符", "the secret is too long or holds what can't be seen")
    if secret and kind.name == "webhook" and not key_of(secret):
        raise _bad("secret", "应为 whsec_ 加 base64 的 24–64 字节", "it is whsec_ and 24–64 bytes in base64")


def _made_up(kind: OutletKind) -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode() if kind.secret == "needed" else ""


def _sealed(
    runtime: Runtime, id: UUID, before: Outlet | None, setting: Setting, made_up: str
) -> tuple[bytes, str, bytes | None]:
    """Address, host and secret as they are kept."""
    seal = runtime.secrets.seal
    address, host = (before.address, before.host) if before else (b"", "")
    secret = before.secret if before else None
    if setting.address:
        address = seal(setting.address, courier.purpose(id, "address"))
        host = urlsplit(setting.address).hostname or ""
    if setting.secret or made_up:
        secret = seal(setting.secret or made_up, courier.purpose(id, "secret"))
    return address, host, secret


def _changed(before: Outlet | None, setting: Setting) -> list[str]:
    """The names of the members that differ; never their values, as some are secret."""
    if before is None:
        return []
    now: dict[str, Any] = {field.name: getattr(setting, field.name) for field in fields(setting)}
    then: Mapping[str, Any] = {
        name: getattr(before, name, None) if hasattr(before, name) else getattr(before.audience, name)
        for name in now
    }
    return [
        name
        for name in now
        if (now[name] != "" if name in ("address", "secret") else now[name] != then[name])
    ]


def _record(unit: Unit, id: UUID, name: str, act: str, changed: list[str]) -> None:
    facts = {"outlet": id, "name": name, "act": act, "changed": changed}
    unit.record(Event(EventKind.OUTLET_CHANGED, data=facts))


def _bad(path: str, zh: str, en: str) -> BadOutlet:
    return BadOutlet(path=path, what=Label(zh, en))
