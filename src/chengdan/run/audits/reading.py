"""What the pages of audits show: an audit with its draws, one draw stratum by stratum, one review with all its verdicts."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from chengdan.kernel.draw import pooled, seats
from chengdan.kernel.process_audit import ProcessAudit, ReviewStatus
from chengdan.run.audits.drawing import CLERK, list_of
from chengdan.run.audits.reviewing import JUDGING, verdicts_of
from chengdan.run.audits.strata import stratum_names
from chengdan.run.explain import deliverable_json, seen
from chengdan.run.read import ListQuery, get_record, list_records, references
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

MAX_DRAWS = 26


def overview(reader: Unit, audit: ProcessAudit) -> Mapping[str, Any]:
    """The audit and its latest draws. The reviews themselves are read as any other records."""
    draws = list_records(reader, ListQuery(audit.draws, sort="-period", limit=MAX_DRAWS))
    return {
        "name": audit.name,
        "label": audit.label,
        "share": float(audit.share * 100),
        "every": audit.every,
        "strata": [reader.snapshot.objects[audit.object].by_name[name].label for name in audit.strata],
        "bonus": audit.bonus,
        "draws": [orjson.Fragment(text) for text in draws.items],
    }


def strata(runtime: Runtime, reader: Unit, audit: ProcessAudit, id: UUID) -> list[Mapping[str, Any]]:
    """How large each stratum of a draw is and how many of it are drawn, the largest first; drawn together, told together.

    Raises NotFound, ListAltered, BlobMissing.
    """
    found = list_of(runtime, seen(reader, audit.draws, id))
    sizes = Counter(member.stratum for member in found.members)
    places = pooled(sizes, found.share)
    pools: Counter[tuple[str, ...]] = Counter()
    for stratum, size in sizes.items():
        pools[places[stratum]] += size
    given = seats(pools, found.share)
    names = stratum_names(reader.within(CLERK, "audit"), audit, found.members)
    width = len(audit.strata)
    return [
        {
            "values": [names.get(value, value) for value in place],
            "pooled": len(place) < width,
            "size": size,
            "drawn": given[place],
        }
        for place, size in sorted(pools.items(), key=lambda item: (-item[1], item[0]))
    ]


def review_page(reader: Unit, audit: ProcessAudit, id: UUID) -> Mapping[str, Any]:
    """A review with its verdicts, what is asked of each, and what the viewer may do now. Raises NotFound."""
    review = seen(reader, audit.reviews, id)
    me, status = reader.principal.user, review["status"]
    mine = review["owner"] == me and status in JUDGING
    owning = review["judged"] == me and status == ReviewStatus.JUDGED
    shown = get_record(reader, audit.reviews, id, references(reader, audit.reviews))
    return {
        "review": orjson.Fragment(shown),
        "verdicts": [_verdict(reader, audit, verdict) for verdict in verdicts_of(reader, audit, id)],
        "can": {"judge": mine, "accept": owning, "appeal": owning},
    }


def _verdict(reader: Unit, audit: ProcessAudit, verdict: Mapping[str, Any]) -> Mapping[str, Any]:
    pipeline = reader.snapshot.pipeline_of(audit.object)
    known = {item.name: item for _, item in pipeline.deliverables()} if pipeline else {}
    item = known.get(verdict["deliverable"])
    return {
        **verdict,
        "ask": audit.question(verdict["deliverable"]).ask,
        "item": deliverable_json(item, reader.snapshot, audit.object) if item else None,
    }
