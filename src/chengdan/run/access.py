"""Why somebody can see or change a record, or cannot: every way that their roles name, and whether it leads there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, bindparam, select

from chengdan.base.label import Label
from chengdan.expr import Kind
from chengdan.kernel.access import Act, Principal, Scope
from chengdan.run.explain import seen
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit
from chengdan.store.visibility import Way, scope_params, ways

ACTS = (Act.READ, Act.UPDATE)
_HOLDS = {
    Scope.OWN: Label("是记录的负责人", "owns the record"),
    Scope.SHARED: Label("记录被共享给了此人", "the record was shared with them"),
    Scope.TEAM: Label("记录属于此人的团队", "the record is in their team"),
    Scope.TEAM_TREE: Label("记录属于此人的团队或下级团队", "the record is in their team or one below"),
    Scope.TERRITORY: Label("记录在此人的区域内", "the record is in their territory"),
    Scope.ALL: Label("角色可以查看全部记录", "the role reaches every record"),
}
_FAILS = {
    Scope.OWN: Label("不是记录的负责人", "does not own the record"),
    Scope.SHARED: Label("记录没有共享给此人", "the record was not shared with them"),
    Scope.TEAM: Label("记录不属于此人的团队", "the record is not in their team"),
    Scope.TEAM_TREE: Label(
        "记录不属于此人的团队或下级团队", "the record is in neither their team nor one below"
    ),
    Scope.TERRITORY: Label("记录不在此人的区域内", "the record is not in their territory"),
    Scope.ALL: Label("角色可以查看全部记录", "the role reaches every record"),
}
_NO_TEAM = Label("记录没有团队", "the record has no team")
_TEAM_PATH = """
WITH RECURSIVE path AS (
    SELECT id, name, parent, 1 AS depth FROM data.team WHERE id = %s
    UNION ALL
    SELECT t.id, t.name, t.parent, path.depth + 1 FROM data.team t JOIN path ON t.id = path.parent WHERE path.depth < 30
)
SELECT id, name FROM path ORDER BY depth DESC
"""
_SHARE = """
SELECT s.act, s.until, b.name, t.name FROM chengdan.share s LEFT JOIN data."user" b ON b.id = s.shared_by
LEFT JOIN data.team t ON t.id = s.grantee
WHERE s.object = %s AND s.record_id = %s AND s.grantee = ANY(%s) AND (s.until IS NULL OR s.until > now())
ORDER BY s.act DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """One way that a role names: whether its scope and its record rule hold, and the fact they rest on.

    `where` is the rule's text, empty when it reads what is hidden from the asker.
    """

    role: Label
    act: Act
    scope: Scope
    in_scope: bool
    ruled: bool
    where: str
    by_rule: bool
    fact: Label

    @property
    def holds(self) -> bool:
        return self.in_scope and self.by_rule

    @property
    def text(self) -> Label:
        return (_HOLDS if self.in_scope else _FAILS)[self.scope]


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may do with a record, with every way looked at, and the roles that say nothing about its object."""

    reasons: Sequence[Reason]
    silent: Sequence[Label]

    def may(self, act: Act) -> bool:
        return any(reason.holds for reason in self.reasons if reason.act is act)

    def because(self, act: Act) -> list[Reason]:
        return [reason for reason in self.reasons if reason.act is act and reason.holds]


def explain_access(reader: Unit, object: str, id: UUID, person: Principal) -> Access:
    """Why `person` can or cannot reach a record that the asker sees. One query decides every way. Raises NotFound."""
    row = seen(reader, object, id)
    table = reader.tables[object]
    context = reader.edition.context(reader.now, person.user, ZoneInfo(person.time_zone))
    found: list[tuple[Label, Act, Way]] = []
    silent = []
    for name in sorted(person.roles):
        alone = Principal(
            person.user, person.name, frozenset({name}), person.teams, person.team_tree, person.territories
        )
        role = reader.snapshot.roles.get(name)
        label = role.label if role else Label(name, name)
        own = [
            (label, act, way)
            for act in ACTS
            for way in ways(reader.snapshot, alone, object, act, table, context)
        ]
        found += own
        if not own:
            silent.append(label)
    facts = _facts(reader, object, row, person)
    return Access(
        [
            Reason(
                label,
                act,
                way.scope,
                in_scope,
                bool(way.where),
                _readable(reader, object, way.where),
                by_rule,
                facts.get(way.scope, Label("", "")),
            )
            for (label, act, way), in_scope, by_rule in _decided(reader, table, id, person, found)
        ],
        silent,
    )


def _decided(
    reader: Unit, table: Any, id: UUID, person: Principal, found: Sequence[tuple[Label, Act, Way]]
) -> list[tuple[tuple[Label, Act, Way], bool, bool]]:
    if not found:
        return []
    columns = [
        predicate.label(f"p{number}_{part}")
        for number, (_, _, way) in enumerate(found)
        for part, predicate in enumerate((way.in_scope, way.by_rule))
    ]
    statement = render(select(*columns).select_from(table).where(table.c.id == bindparam("id", type_=Uuid)))
    sql, params = statement.bound(id=id, **scope_params(person))
    answers = reader.execute(sql, params).fetchone() or ()
    return [
        (one, bool(answers[2 * number]), bool(answers[2 * number + 1])) for number, one in enumerate(found)
    ]


def _readable(reader: Unit, object: str, where: str) -> str:
    if not where:
        return ""
    hidden = reader.snapshot.access(reader.principal, object).hidden
    needs = reader.snapshot.compiled(object, where, expect=Kind.BOOLEAN).needs
    return "" if hidden & set(needs.record) else where


def _facts(reader: Unit, object: str, row: Row, person: Principal) -> Mapping[Scope, Label]:
    """What each scope rests on for this record: its owner, its team with those above, the share."""
    owner = reader.execute('SELECT name FROM data."user" WHERE id = %s', (row["owner"],)).fetchone()
    path = reader.execute(_TEAM_PATH, (row["team"],)).fetchall()
    given = reader.execute(_SHARE, (object, row["id"], [person.user, *person.team_tree])).fetchone()
    facts = {}
    if owner:
        facts[Scope.OWN] = Label(f"负责人是{owner[0]}", f"the owner is {owner[0]}")
    names = " › ".join(name for _, name in path)
    team = Label(f"记录的团队：{names}", f"its team: {names}") if path else _NO_TEAM
    facts[Scope.TEAM] = facts[Scope.TEAM_TREE] = team
    if given:
        facts[Scope.SHARED] = _share_fact(*given)
    return facts


def _share_fact(act: str, until: Any, by: str | None, team: str | None) -> Label:
    zh = [f"由{by or '—'}共享" + (f"给团队{team}" if team else "")]
    en = [f"shared by {by or '—'}" + (f" with the team {team}" if team else "")]
    zh.append("可修改" if act == "update" else "只读")
    en.append("may be changed" if act == "update" else "read only")
    if until is not None:
        zh.append(f"至 {until:%Y-%m-%d}")
        en.append(f"until {until:%Y-%m-%d}")
    return Label("，".join(zh), ", ".join(en))
