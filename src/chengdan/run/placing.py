"""Placing: whose a record is and of which team, and whether its maker may make one there."""

from collections.abc import Mapping
from typing import Any

from chengdan.expr import Kind
from chengdan.kernel.access import Act, Branch, ObjectAccess, Scope
from chengdan.kernel.object import Object
from chengdan.run.errors import Forbidden
from chengdan.run.facts import context
from chengdan.store import records
from chengdan.store.unit import Row, Unit

PEOPLE = frozenset({"user", "team", "territory"})
"""The objects that say who is who: records of theirs are in nobody's team because of what they refer to."""


def place(unit: Unit, item: Object, row: Row, given: Mapping[str, Any]) -> None:
    """Owner and team of a new record: the creator and the creator's team unless input says otherwise.

    What somebody adds who reaches records of all teams comes to the team of the record that it is about: so those who work
    on that see it.
    """
    if "owner" not in given:
        row["owner"] = unit.actor
        row["team"] = row["team"] or _team_of_subject(unit, item, row)
    if row["team"] is None and row["owner"] is not None:
        row["team"] = _team_of(unit, row["owner"])


def _team_of_subject(unit: Unit, item: Object, row: Row) -> Any:
    """The team of the first record that a new one belongs to, where its maker reaches such records of all teams."""
    for field in item.fields:
        if field.inverse is None or field.object in PEOPLE or row[field.name] is None:
            continue
        reading = unit.snapshot.access(unit.principal, field.object).branches.get(Act.READ, ())
        if any(Scope.ALL in branch.scopes for branch in reading):
            subject = records.fetch(unit, field.object, row[field.name], ("team",))
            return subject["team"] if subject else None
    return None


def joining(
    unit: Unit, item: Object, row: Row, values: Mapping[str, Any], changed: Mapping[str, Any]
) -> dict[str, Any]:
    """A record without a team comes to that of the person who is given it: so there is a manager to be told."""
    owner = changed.get("owner")
    if owner is None or row["team"] is not None or "team" in values or item.name in PEOPLE:
        return {}
    team = _team_of(unit, owner)
    return {} if team is None else {"team": team}


def _team_of(unit: Unit, user: Any) -> Any:
    if user == unit.principal.user and unit.principal.teams:
        return unit.principal.teams[0]
    teams = unit.work.teams
    if user not in teams:
        found = unit.execute('SELECT team FROM data."user" WHERE id = %s', (user,)).fetchone()
        teams[user] = found[0] if found else None
    return teams[user]


def within_scope(unit: Unit, access: ObjectAccess, row: Row) -> None:
    """A new record must lie where its maker may make one, and obey the record rule under which that is so."""
    principal = unit.principal
    places = [row[field.name] for field in unit.snapshot.objects[access.object].territorial]
    reached = {
        Scope.ALL: True,
        Scope.OWN: row["owner"] == principal.user,
        Scope.TEAM: row["team"] in principal.teams,
        Scope.TEAM_TREE: row["team"] in principal.team_tree,
        Scope.TERRITORY: any(place in principal.territories for place in places),
    }
    for branch in access.branches[Act.CREATE]:
        if any(reached.get(scope, False) for scope in branch.scopes) and _obeys(unit, access, branch, row):
            return
    raise Forbidden(path="owner")


def _obeys(unit: Unit, access: ObjectAccess, branch: Branch, row: Row) -> bool:
    if not branch.rule:
        return True
    compiled = unit.snapshot.compiled(access.object, branch.rule, expect=Kind.BOOLEAN)
    return bool(compiled.run(row, context(unit, row, compiled.needs)))
