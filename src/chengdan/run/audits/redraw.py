"""Redrawing: anybody recomputes a draw, from the database or from an exported file without one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.draw import METHOD, DrawList, read_list, text_hash
from chengdan.kernel.process_audit import DrawStatus, ProcessAudit
from chengdan.run.audits.drawing import CLERK, ListAltered, list_of
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.read import viewer_filter, viewing
from chengdan.run.runtime import Runtime
from chengdan.store import population
from chengdan.store.unit import Row, Unit


class BadExport(ChengdanError):
    """A file that is no export of a draw."""

    code = "AUDIT-003"
    status = 422
    zh = "这不是导出的抽查文件：{what}"
    en = "This is not the export of a draw: {what}"


class NotDrawnYet(ChengdanError):
    code = "AUDIT-004"
    status = 409
    zh = "抽查“{name}”还没有抽取，种子 {seed}。"
    en = "The draw {name} has not taken place yet; its seed: {seed}."
    hint_zh = "到公布的抽取时间后再验证。"
    hint_en = "Verify it after the published time."


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What came of recomputing a draw: `missing` should have been drawn and were not, `extra` were and should not have been.

    `seed_holds`: the seed is the hash of the seal it is said to be, the first that covers the list's announcement; None
    where there was no chain to ask.
    """

    name: str
    population: int
    drawn: int
    missing: tuple[UUID, ...]
    extra: tuple[UUID, ...]
    misassigned: tuple[UUID, ...]
    seed_holds: bool | None

    @property
    def holds(self) -> bool:
        return not (self.missing or self.extra or self.misassigned) and self.seed_holds is not False


def redraw(runtime: Runtime, audit: ProcessAudit, id: UUID) -> Redrawn:
    """Recompute a draw from the list and the seed that are kept, and compare with the reviews and the chain of events.

    Raises NotFound, NotDrawnYet, ListAltered, BlobMissing.
    """
    with runtime.reader(CLERK) as reader:
        draw = draw_row(reader, audit, id)
        made = dict(_made(reader, audit, id))
        first = population.first_seal(reader.connection, id)
    found = _compare(list_of(runtime, draw), draw["seed"], made)
    return Redrawn(*found, seed_holds=first == (draw["seal"], draw["seed"]))


def draw_row(reader: Unit, audit: ProcessAudit, id: UUID) -> Row:
    """A draw of the audit within reach that has taken place. Raises NotFound, NotDrawnYet."""
    draw = seen(reader, audit.draws, id)
    if not str(draw["period"]).startswith(f"{audit.name}/"):
        raise NotFound()
    if draw["status"] != DrawStatus.DRAWN:
        raise NotDrawnYet(name=draw["name"], seed=draw["seed"] or "—")
    return draw


def export(runtime: Runtime, reader: Unit, audit: ProcessAudit, id: UUID) -> Mapping[str, Any]:
    """All that redrawing takes, for a file: the list as it was hashed, the seed with its seal, and what was drawn.

    Raises NotFound, NotDrawnYet, ListAltered, BlobMissing.
    """
    draw = draw_row(reader, audit, id)
    with runtime.reader(CLERK) as clerk:
        made = dict(_made(clerk, audit, id))
    return {
        "method": METHOD,
        "draw": draw["period"],
        "list_hash": draw["list_hash"],
        "seal": draw["seal"],
        "seed": draw["seed"],
        "reviews": {str(record): who and str(who) for record, who in made.items()},
        "list": list_of(runtime, draw).text(),
    }


def redraw_text(text: str) -> Redrawn:
    """Recompute a draw from an exported file alone. Raises BadExport, ListAltered."""
    try:
        given = json.loads(text)
        name, seed, list_text, hash = (given[key] for key in ("draw", "seed", "list", "list_hash"))
        made = {UUID(record): UUID(who) if who else None for record, who in given["reviews"].items()}
        found = read_list(list_text)
        if text_hash(list_text) != hash or name != found.name:
            raise ListAltered(name=name)
        return Redrawn(*_compare(found, seed, made), seed_holds=None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadExport(what=str(error)) from None


def _compare(
    found: DrawList, seed: str, made: Mapping[UUID, UUID | None]
) -> tuple[str, int, int, tuple[UUID, ...], tuple[UUID, ...], tuple[UUID, ...]]:
    due = found.assigned(bytes.fromhex(seed))
    differing = (id for id, who in due.items() if id in made and made[id] != who)
    return (
        found.name,
        len(found.members),
        len(due),
        tuple(sorted(due.keys() - made.keys())),
        tuple(sorted(made.keys() - due.keys())),
        tuple(sorted(differing)),
    )


def _made(reader: Unit, audit: ProcessAudit, id: UUID) -> list[tuple[UUID, UUID | None]]:
    """The records that reviews of a draw are about, each with its first reviewer."""
    item = reader.snapshot.objects[audit.reviews]
    filter = viewer_filter(reader, item, [f'draw == "{id}"'])
    rows = population.population(reader, viewing(reader), item.name, filter, ("subject", "reviewer"))
    return [(subject, reviewer) for _, subject, reviewer in rows]
