"""How records stand by a score: one with its reasons and trend, all within the viewer's reach by colour, and what changed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chengdan.base.label import Label
from chengdan.expr.evaluate import SHANGHAI
from chengdan.kernel.access import Act
from chengdan.kernel.calibration import ENOUGH
from chengdan.kernel.field import FieldType
from chengdan.kernel.metric import Metric
from chengdan.kernel.score import Color, Figures, Score, Signal, reasons
from chengdan.run.errors import NoSuchScore
from chengdan.run.explain import seen
from chengdan.run.figuring import evidence_of, weights_of
from chengdan.run.metrics import readable_metric
from chengdan.run.read import bad_query, readable_field, viewing
from chengdan.store import scores
from chengdan.store.scores import State
from chengdan.store.standings import compared_day, counts_statement, turned_statement
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import scope_params

WEEK = timedelta(days=7)
TREND_DAYS = 92
MAX_TURNED = 60
SURE, FAIRLY_SURE = 0.75, 0.5
_ONE = "SELECT at, value, color, known, figures FROM chengdan.score WHERE score = %s AND record_id = %s"
_TREND = "SELECT day, value, color FROM chengdan.score_day WHERE score = %s AND record_id = %s AND day >= %s ORDER BY day"


def score_of(reader: Unit, name: str) -> Score:
    """A score that the viewer may see: its object and fields are not hidden. Raises NoSuchScore."""
    score = reader.snapshot.scores.get(name)
    if score is not None:
        access = reader.snapshot.access(reader.principal, score.object)
        if access.may(Act.READ) and not {score.name, score.color_field} & access.hidden:
            return score
    raise NoSuchScore(name=name)


def readable_signals(reader: Unit, score: Score) -> Sequence[tuple[Signal, Metric]]:
    """The signals whose metrics the viewer may read."""
    found = ((signal, reader.snapshot.metrics[signal.metric]) for signal in score.signals)
    return [(signal, metric) for signal, metric in found if readable_metric(reader, metric)]


def confidence(known: float) -> str:
    """How sure a score is, by the share of its signals that is known."""
    return "high" if known >= SURE else "medium" if known >= FAIRLY_SURE else "low"


def record_standing(reader: Unit, name: str, id: UUID) -> Mapping[str, Any]:
    """How one record stands, why, and since when, as JSON. Raises NoSuchScore, NotFound."""
    score = score_of(reader, name)
    seen(reader, score.object, id)
    row = reader.execute(_ONE, (score.name, id)).fetchone()
    if row is None:
        return {
            "score": name,
            "value": None,
            "color": None,
            "known": 0,
            "signals": [],
            "reasons": [],
            "trend": [],
        }
    at, value, color, known, figures = row
    state = scores.state(reader.connection, score.name)
    since = reader.now.astimezone(SHANGHAI).date() - timedelta(days=TREND_DAYS)
    trend = reader.execute(_TREND, (score.name, id, since)).fetchall()
    return {
        "score": name,
        "value": value,
        "color": color,
        "known": known,
        "confidence": confidence(known),
        "at": at,
        "reasons": told_reasons(reader, score, weights_of(score, state), figures),
        "signals": _signals(reader, score, state, figures),
        "trend": [{"day": day, "value": then, "color": shade} for day, then, shade in trend],
        **_history(score, state, color),
    }


def _history(score: Score, state: State | None, color: str | None) -> Mapping[str, Any]:
    """What the weights stand on, and how often records of this colour were lost."""
    told = state.evidence if state else {}
    rate = told.get("colors", {}).get(color)
    return {
        "calibrated": score.calibrate and any(one.enough for one in evidence_of(state).values()),
        "won": told.get("won", 0),
        "lost": told.get("lost", 0),
        "rate": rate if rate and rate["cases"] >= ENOUGH else None,
        "days": score.outcome.days if score.outcome else None,
    }


def told_reasons(
    reader: Unit, score: Score, weights: Mapping[str, float], figures: Figures
) -> Sequence[Mapping[str, Any]]:
    """The reasons that the viewer may know, in words with their figures."""
    readable = {metric.name: metric for _, metric in readable_signals(reader, score)}
    found = reasons(score, weights, {name: figures.get(name) for name in readable})
    return [
        {
            "metric": one.metric,
            "points": round(one.points, 1),
            "words": spoken(one.words, readable[one.metric], one.figure),
        }
        for one in found
    ]


def spoken(words: Label, metric: Metric, figure: float) -> Label:
    """A signal's words with the figure in its place."""
    written = metric.written(figure)
    return Label(words.zh.replace("{figure}", written.zh), words.en.replace("{figure}", written.en))


def _signals(
    reader: Unit, score: Score, state: State | None, figures: Figures
) -> Sequence[Mapping[str, Any]]:
    weights = weights_of(score, state)
    total = sum(weights.values())
    found = []
    for signal, metric in readable_signals(reader, score):
        figure = figures.get(signal.metric)
        found.append({
            "metric": metric.name,
            "label": metric.label,
            "help": metric.help,
            "weight": round(weights[signal.metric] / total, 4) if total else 0,
            "figure": figure,
            "points": None if figure is None else round(signal.points(figure), 4),
            "words": None if figure is None else spoken(signal.words, metric, figure),
        })  # fmt: skip
    return found


def board(reader: Unit, name: str, group: str = "") -> Mapping[str, Any]:
    """Records within reach by colour, beside a week ago, and those that changed colour since. Raises NoSuchScore, BadQuery."""
    score = score_of(reader, name)
    if group:
        access = reader.snapshot.access(reader.principal, score.object)
        field = readable_field(reader.snapshot.objects[score.object], access, group, "group")
        if field.type not in (FieldType.USER, FieldType.REFERENCE, FieldType.SELECT):
            raise bad_query("group", f"不能按“{group}”分组", f"`{group}` can't be grouped by")
    today = reader.now.astimezone(SHANGHAI).date()
    day = compared_day(reader.connection, score, today - WEEK)
    state = scores.state(reader.connection, score.name)
    return {
        "score": name,
        "object": score.object,
        "at": state.computed_at if state else None,
        "compared": day,
        **_counted(reader, score, "", day)[0],
        "groups": _counted(reader, score, group, day) if group else [],
        "changes": _turned(reader, score, state, day) if day else [],
    }


def _counted(reader: Unit, score: Score, group: str, day: date | None) -> list[dict[str, Any]]:
    """Counts by colour now and on the day, and how many rose and fell between."""
    statement = render(counts_statement(viewing(reader), score, group))
    sql, params = statement.bound(**scope_params(reader.principal), day=day or date.min)
    found: dict[Any, dict[str, Any]] = {} if group else {None: _tally(None, None)}
    order = list(Color)
    for key, label, now, before, records in reader.execute(sql, params).fetchall():
        tally = found.setdefault(key, _tally(key, label["label"] if label else None))
        if now is not None:
            tally["now"][now] += records
        if before is not None:
            tally["before"][before] += records
        if now is not None and before is not None and now != before:
            risen = order.index(Color(now)) > order.index(Color(before))
            tally["risen" if risen else "fallen"] += records
    return sorted(found.values(), key=lambda tally: (-tally["now"]["red"], -sum(tally["now"].values())))


def _tally(key: Any, label: str | None) -> dict[str, Any]:
    nothing = {str(color): 0 for color in Color}
    return {
        "key": key,
        "label": label,
        "now": nothing.copy(),
        "before": nothing.copy(),
        "risen": 0,
        "fallen": 0,
    }


def _turned(reader: Unit, score: Score, state: State | None, day: date) -> Sequence[Mapping[str, Any]]:
    statement = render(turned_statement(viewing(reader), score, MAX_TURNED))
    sql, params = statement.bound(**scope_params(reader.principal), day=day)
    weights = weights_of(score, state)
    return [
        {
            "id": id,
            "title": title,
            "owner": owner,
            "value": value,
            "color": color,
            "value_before": value_before,
            "color_before": color_before,
            "reasons": told_reasons(reader, score, weights, figures),
        }
        for id, title, owner, value, color, value_before, color_before, figures in reader.execute(
            sql, params
        ).fetchall()
    ]
