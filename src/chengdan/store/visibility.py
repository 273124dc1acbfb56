"""Access as SQL: which rows of an object's table a principal may reach, as predicates inside the query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    not_,
    or_,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chengdan.expr import Kind
from chengdan.expr.sql import SqlContext, compile_filter
from chengdan.kernel.access import Act, Branch, Principal, Scope
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import system

Predicate = ColumnElement[bool]
_IDS = ARRAY(Uuid)


@lru_cache(maxsize=4_096)
def scope_params(principal: Principal) -> Mapping[str, Any]:
    """The parameters that the predicates of `reach` leave open."""
    return {
        "me": principal.user,
        "grantees": id_array((principal.user, *principal.team_tree)),
        "teams": id_array(principal.teams),
        "team_tree": id_array(principal.team_tree),
        "territories": id_array(principal.territories),
        "only_teams": next(iter(principal.teams), None),
        "only_team_tree": next(iter(principal.team_tree), None),
    }


@lru_cache(maxsize=4_096)
def id_array(ids: tuple[UUID, ...]) -> str:
    """Ids as PostgreSQL writes an array, which is cheaper to send than a list."""
    return "{" + ",".join(map(str, ids)) + "}"


def branches(
    snapshot: Snapshot,
    principal: Principal,
    object: str,
    act: Act,
    table: FromClause,
    context: SqlContext,
) -> Sequence[Predicate]:
    """The ways in which rows come within reach; a row is within reach when any of them holds. Empty: none is."""
    found: dict[str, Predicate] = {}
    for branch in snapshot.access(principal, object).branches.get(act, ()):
        scopes = {Scope.ALL} if Scope.ALL in branch.scopes else branch.scopes
        for scope in sorted(scopes):
            predicate = _scope(snapshot, object, scope, act, table)
            if predicate is not None:
                rules = _rules(snapshot, object, branch, scope, table, context)
                found[f"{scope}:{branch.where}"] = and_(predicate, *rules)
    return list(found.values())


@dataclass(frozen=True)
class Way:
    """One way in which rows may come within reach, by itself: the scope, and the record rule where there is one."""

    scope: Scope
    where: str
    in_scope: Predicate
    by_rule: Predicate


def ways(
    snapshot: Snapshot, principal: Principal, object: str, act: Act, table: FromClause, context: SqlContext
) -> list[Way]:
    """Every way that the principal's roles name for `act`, taken apart to be explained."""
    found = []
    for branch in snapshot.access(principal, object).branches.get(act, ()):
        for scope in sorted(branch.scopes):
            predicate = _scope(snapshot, object, scope, act, table)
            in_scope = false() if predicate is None else predicate
            rules = _rules(snapshot, object, branch, scope, table, context)
            found.append(Way(scope, branch.rule, in_scope, and_(true(), *rules)))
    return found


def reach(
    snapshot: Snapshot, principal: Principal, object: str, act: Act, table: FromClause, context: SqlContext
) -> Predicate:
    """One predicate: the row is within the principal's reach for `act`."""
    if snapshot.access(principal, object).unlimited(act):
        return true()
    ways = branches(snapshot, principal, object, act, table, context)
    return or_(*ways) if ways else false()


def _rules(
    snapshot: Snapshot, object: str, branch: Branch, scope: Scope, table: FromClause, context: SqlContext
) -> list[Predicate]:
    """What a row within the scope must satisfy besides: the record rule, and that it is not somebody else's private one.

    Privacy leaves the viewer open, as scopes do: it binds nobody into a statement.
    """
    found: list[Predicate] = []
    if branch.where:
        rule = snapshot.compiled(object, branch.where, expect=Kind.BOOLEAN).expression
        found.append(compile_filter(rule, table, context))
    if branch.private and scope is not Scope.OWN:
        private = snapshot.compiled(object, branch.private, expect=Kind.BOOLEAN).expression
        shown = not_(func.coalesce(compile_filter(private, table, context), false()))
        found.append(or_(table.c.owner == bindparam("me", type_=Uuid), shown))
    return found


def _scope(snapshot: Snapshot, object: str, scope: Scope, act: Act, table: FromClause) -> Predicate | None:
    c = table.c
    match scope:
        case Scope.ALL:
            return true()
        case Scope.OWN:
            own = c.owner == bindparam("me", type_=Uuid)
            return or_(own, c.id == bindparam("me", type_=Uuid)) if object == "user" else own
        case Scope.TEAM:
            return c.team == any_(bindparam("teams", type_=_IDS))
        case Scope.TEAM_TREE:
            return c.team == any_(bindparam("team_tree", type_=_IDS))
        case Scope.TERRITORY:
            fields = [field.name for field in snapshot.objects[object].territorial]
            places = [c[name] == any_(bindparam("territories", type_=_IDS)) for name in fields]
            return or_(*places) if places else None
        case Scope.SHARED:
            shared = system.share.c
            given = and_(
                shared.object == object,
                shared.record_id == c.id,
                shared.grantee == any_(bindparam("grantees", type_=_IDS)),
                or_(shared.until.is_(None), shared.until > func.now()),
            )
            return exists().where(given if act is Act.READ else and_(given, shared.act == "update"))
