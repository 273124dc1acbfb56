"""Access as SQL: which rows of an object's table a principal may reach, as predicates inside the query."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Uuid, and_, any_, bindparam, exists, false, or_, true
from sqlalchemy.dialects.postgresql import ARRAY

from chengdan.expr import Kind
from chengdan.expr.sql import SqlContext, compile_filter
from chengdan.kernel.access import Act, Branch, Principal, Scope
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import system

Predicate = ColumnElement[bool]
_IDS = ARRAY(Uuid)


def scope_params(principal: Principal) -> dict[str, Any]:
    """The parameters that the predicates of `reach` leave open."""
    return {
        "me": principal.user,
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
    only: Scope | None = None,
) -> Sequence[Predicate]:
    """The ways in which rows come within reach; a row is within reach when any of them holds. Empty: none is.

    `only` leaves out all scopes but one, to explain a single way.
    """
    found: dict[str, Predicate] = {}
    for branch in snapshot.access(principal, object).branches.get(act, ()):
        where = _where(snapshot, object, branch, table, context)
        scopes = {Scope.ALL} if Scope.ALL in branch.scopes else branch.scopes
        for scope in sorted(scopes if only is None else scopes & {only}):
            predicate = _scope(snapshot, object, scope, act, table)
            if predicate is not None:
                found[f"{scope}:{branch.where}"] = predicate if where is None else and_(predicate, where)
    return list(found.values())


def reach(
    snapshot: Snapshot, principal: Principal, object: str, act: Act, table: FromClause, context: SqlContext
) -> Predicate:
    """One predicate: the row is within the principal's reach for `act`."""
    if snapshot.access(principal, object).unlimited(act):
        return true()
    ways = branches(snapshot, principal, object, act, table, context)
    return or_(*ways) if ways else false()


def _where(
    snapshot: Snapshot, object: str, branch: Branch, table: FromClause, context: SqlContext
) -> Predicate | None:
    if not branch.where:
        return None
    expression = snapshot.compiled(object, branch.where, expect=Kind.BOOLEAN).expression
    return compile_filter(expression, table, context)


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
                shared.user_id == bindparam("me", type_=Uuid),
            )
            return exists().where(given if act is Act.READ else and_(given, shared.act == "update"))
