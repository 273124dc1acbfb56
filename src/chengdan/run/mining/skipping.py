"""A deliverable that is skipped: by whom, and what became of records with it and without it, plain and among like ones."""

from typing import Any

from chengdan.kernel.effect import Group, Matched, difference, matched, rate
from chengdan.run.mining.asking import Asked, deliverable_of
from chengdan.store.mining.skipping import alike_statement, skippers_statement

SURE_FROM = 20
"""So many records with a known outcome on either side, below which the difference is called uncertain."""


def skipping(asked: Asked, name: str) -> dict[str, Any]:
    """Who skipped a deliverable in the period, and the win rates with and without it. Raises NoSuchDeliverable."""
    stage, item = deliverable_of(asked.pipeline, name)
    people = [
        {"team": team, "owner": owner, "met": met, "met_won": a, "met_lost": b, "skipped": skipped, "skipped_won": c, "skipped_lost": d}
        for team, owner, met, a, b, skipped, c, d in asked.rows(skippers_statement(asked.sample, name))
    ]  # fmt: skip
    done = _group(people, "met")
    skipped = _group(people, "skipped")
    like, fields = _alike(asked, name)
    return {
        "name": item.name,
        "stage": stage.name,
        "hard": item.hard,
        "people": people,
        "with": {"count": done.count, "won": done.won, "rate": rate(done)},
        "without": {"count": skipped.count, "won": skipped.won, "rate": rate(skipped)},
        "difference": difference(skipped, done),
        "sure": min(done.count, skipped.count) >= SURE_FROM,
        "alike": {"fields": fields, "difference": like.difference, "compared": like.compared, "left_out": like.left_out},
    }  # fmt: skip


def _group(people: list[dict[str, Any]], side: str) -> Group:
    won = sum(one[f"{side}_won"] for one in people)
    return Group(won + sum(one[f"{side}_lost"] for one in people), won)


def _alike(asked: Asked, name: str) -> tuple[Matched, list[str]]:
    hidden = asked.reader.snapshot.access(asked.reader.principal, asked.pipeline.object).hidden
    fields = [field for field in asked.pipeline.alike if field not in hidden]
    if not fields:
        return matched(()), fields
    rows = asked.rows(alike_statement(asked.sample, name, fields))
    strata = (
        (Group(without, without_won), Group(done, done_won)) for done, done_won, without, without_won in rows
    )
    return matched(strata), fields
