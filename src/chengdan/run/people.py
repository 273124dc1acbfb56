"""People: names for ids, and the directory that pickers offer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chengdan.run.read import options
from chengdan.store.unit import Unit


def names_of(reader: Unit, ids: Iterable[Any]) -> dict[str, str]:
    """The names of users by the text of their ids."""
    wanted = sorted({str(id) for id in ids})
    if not wanted:
        return {}
    rows = reader.execute('SELECT id, name FROM data."user" WHERE id = ANY(%s::uuid[])', (wanted,)).fetchall()
    return {str(id): name for id, name in rows}


def team_name(reader: Unit, team: UUID | None) -> str | None:
    """The name of a team."""
    if team is None:
        return None
    row = reader.execute("SELECT name FROM data.team WHERE id = %s", (team,)).fetchone()
    return None if row is None else str(row[0])


def directory(reader: Unit, q: str, limit: int) -> list[dict[str, Any]]:
    """Users within the viewer's reach whose search fields hold `q`: id, name and the name of the team."""
    found = options(reader, "user", q, limit)
    rows = reader.execute(
        'SELECT u.id, t.name FROM data."user" u JOIN data.team t ON t.id = u.team WHERE u.id = ANY(%s)',
        ([one["id"] for one in found],),
    ).fetchall()
    teams = dict(rows)
    return [{**one, "team": teams.get(one["id"])} for one in found]
