"""Tuning a score: trying other weights and thresholds on all records, publishing them, and going back to earlier ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from chengdan.base.errors import Problems
from chengdan.kernel.access import Principal
from chengdan.kernel.amend import amended
from chengdan.kernel.calibration import calibrated
from chengdan.kernel.manifest import load
from chengdan.kernel.score import Score, Standing, standing
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate_scores import validate_score
from chengdan.run.errors import NoSuchVersion
from chengdan.run.figuring import digest, evidence_of, weights_of
from chengdan.run.holding import require
from chengdan.run.publish import PublishConflict
from chengdan.run.read import viewing
from chengdan.run.runtime import Runtime
from chengdan.run.standings import score_of
from chengdan.store import scores
from chengdan.store.standings import figures_statement, titles_statement
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import scope_params

MOST_SHOWN = 40
MOST_VERSIONS = 20
_VERSIONS = (
    "SELECT s.version, s.published_at, u.name, s.note, s.files ->> %s FROM chengdan.snapshot s "
    'LEFT JOIN data."user" u ON u.id = s.published_by ORDER BY s.version DESC LIMIT 200'
)
_VERSION = "SELECT files ->> %s FROM chengdan.snapshot WHERE version = %s"


@dataclass(frozen=True, slots=True)
class Tuned:
    """Other numbers for a score: per metric (weight, bad, good), the bounds of its colours, and whether history has a say."""

    signals: Mapping[str, tuple[float, float, float]]
    red: float
    green: float
    calibrate: bool = True


def tuned_files(snapshot: Snapshot, score: Score, tuned: Tuned) -> dict[str, str]:
    """The manifests with the score's numbers replaced where they stand; nothing else changes."""
    values: dict[tuple[str | int, ...], str] = {
        ("red",): f"{tuned.red:.10g}",
        ("green",): f"{tuned.green:.10g}",
    }
    if tuned.calibrate != score.calibrate:
        values["calibrate",] = str(tuned.calibrate).lower()
    for index, signal in enumerate(score.signals):
        if signal.metric in tuned.signals:
            for key, number in zip(("weight", "bad", "good"), tuned.signals[signal.metric], strict=True):
                values["signals", index, key] = f"{number:.10g}"
    path = score.place.file
    return {**snapshot.files, path: amended(snapshot.files[path], values)}


def tuned_score(snapshot: Snapshot, score: Score, tuned: Tuned) -> Score:
    """The score with these numbers, without building all the rest. Raises Problems as publishing would."""
    path = score.place.file
    definitions, problems = load({path: tuned_files(snapshot, score, tuned)[path]})
    for draft in definitions.scores.values():
        problems.extend(validate_score(snapshot, draft))
    if problems:
        raise Problems(problems)
    return definitions.scores[score.name]


def definition(reader: Unit, name: str) -> Mapping[str, Any]:
    """All that is to be known for tuning a score, as JSON. Raises NoSuchScore, NotPermitted."""
    require(reader, "publish")
    score = score_of(reader, name)
    state = scores.state(reader.connection, name)
    evidence, weights = evidence_of(state), weights_of(score, state)
    told = state.evidence if state else {}
    return {
        "score": name,
        "label": score.label,
        "version": reader.snapshot.version,
        "red": score.red,
        "green": score.green,
        "calibrate": score.calibrate,
        "computed_at": state.computed_at if state else None,
        "behind": state is None or state.definition != digest(reader.snapshot, score),
        "calibrated_at": state.calibrated_at if state else None,
        "won": told.get("won", 0),
        "lost": told.get("lost", 0),
        "colors": told.get("colors", {}),
        "days": score.outcome.days if score.outcome else None,
        "signals": [
            {
                "metric": signal.metric,
                "label": reader.snapshot.metrics[signal.metric].label,
                "help": reader.snapshot.metrics[signal.metric].help,
                "unit": reader.snapshot.metrics[signal.metric].unit,
                "weight": signal.weight,
                "bad": signal.bad,
                "good": signal.good,
                "used": round(weights[signal.metric], 2),
                "evidence": _evidence(evidence.get(signal.metric)),
            }
            for signal in score.signals
        ],
        "versions": _versions(reader, score),
    }


def _evidence(one: Any) -> Mapping[str, Any] | None:
    return None if one is None else {"auc": one.auc, "won": one.won, "lost": one.lost, "enough": one.enough}


def _versions(reader: Unit, score: Score) -> Sequence[Mapping[str, Any]]:
    """The publications that changed the score's file, newest first."""
    rows = reader.execute(_VERSIONS, (score.place.file,)).fetchall()
    found = []
    for index, (version, at, by, note, text) in enumerate(rows):
        older = rows[index + 1][4] if index + 1 < len(rows) else None
        if text is not None and text != older:
            found.append({"version": version, "at": at, "by": by, "note": note})
    return found[:MOST_VERSIONS]


def preview(reader: Unit, name: str, tuned: Tuned) -> Mapping[str, Any]:
    """What the numbers would change over all records within reach: how many turn, from what to what, and who.

    Raises NoSuchScore, NotPermitted, Problems.
    """
    require(reader, "publish")
    score = score_of(reader, name)
    state = scores.state(reader.connection, name)
    draft = tuned_score(reader.snapshot, score, tuned)
    now, then = weights_of(score, state), calibrated(draft, evidence_of(state))
    sql, params = render(figures_statement(viewing(reader), score)).bound(**scope_params(reader.principal))
    turns: list[tuple[UUID, Standing, Standing]] = []
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    moved: Counter[tuple[str, str]] = Counter()
    records = 0
    for id, text in reader.execute(sql, params).fetchall():
        figures = orjson.loads(text)
        old, new = standing(score, now, figures), standing(draft, then, figures)
        one, other = old.color or "none", new.color or "none"
        records += 1
        before[one] += 1
        after[other] += 1
        if one != other:
            moved[one, other] += 1
            turns.append((id, old, new))
    turns.sort(key=lambda turn: -abs((turn[2].value or 0) - (turn[1].value or 0)))
    return {
        "records": records,
        "before": before,
        "after": after,
        "turned": len(turns),
        "moved": [
            {"from": one, "to": other, "records": count} for (one, other), count in moved.most_common()
        ],
        "weights": {name: round(weight, 2) for name, weight in then.items()},
        "who": _named(reader, score, turns[:MOST_SHOWN]),
    }


def _named(
    reader: Unit, score: Score, turns: Sequence[tuple[UUID, Standing, Standing]]
) -> Sequence[Mapping[str, Any]]:
    statement = render(titles_statement(viewing(reader), score))
    sql, params = statement.bound(**scope_params(reader.principal), ids=[id for id, _, _ in turns])
    names = {id: (title, owner) for id, title, owner in reader.execute(sql, params).fetchall()}
    return [
        {
            "id": id,
            "title": names[id][0],
            "owner": names[id][1],
            "color_before": old.color,
            "value_before": old.value,
            "color": new.color,
            "value": new.value,
        }
        for id, old, new in turns
        if id in names
    ]


def publish_tuned(
    runtime: Runtime, principal: Principal, name: str, tuned: Tuned, seen_version: int, note: str
) -> int:
    """Publish the numbers; returns the new version. Raises NoSuchScore, NotPermitted, Problems, PublishConflict."""
    snapshot = _permitted(runtime, principal, name, seen_version)
    files = tuned_files(snapshot, snapshot.scores[name], tuned)
    return runtime.publish(files, by=principal.user, note=note).version


def restore(
    runtime: Runtime, principal: Principal, name: str, version: int, seen_version: int, note: str
) -> int:
    """Publish the score again as it was in `version`. Raises NoSuchScore, NoSuchVersion, NotPermitted, PublishConflict."""
    snapshot = _permitted(runtime, principal, name, seen_version)
    path = snapshot.scores[name].place.file
    with runtime.reader(principal) as reader:
        row = reader.execute(_VERSION, (path, version)).fetchone()
    if row is None or row[0] is None:
        raise NoSuchVersion(version=version)
    return runtime.publish({**snapshot.files, path: row[0]}, by=principal.user, note=note).version


def _permitted(runtime: Runtime, principal: Principal, name: str, seen_version: int) -> Snapshot:
    with runtime.reader(principal) as reader:
        require(reader, "publish")
        score_of(reader, name)
        snapshot = reader.snapshot
    if snapshot.version != seen_version:
        raise PublishConflict(current=snapshot.version, based_on=seen_version)
    return snapshot
