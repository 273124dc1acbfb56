"""Validation of metrics, and of the scores that are made of them."""

from functools import partial

from chengdan.expr import Kind
from chengdan.kernel.fault import Found, contradiction, fault, unknown
from chengdan.kernel.field import FieldType
from chengdan.kernel.metric import EXTRA, VALUED, Function, Metric
from chengdan.kernel.object import RESERVED
from chengdan.kernel.score import Score
from chengdan.kernel.snapshot import Snapshot

MAX_DAYS = 3_660
MAX_SIGNALS = 40
MOMENTS = (FieldType.DATE, FieldType.DATETIME)


def validate_metric(snapshot: Snapshot, metric: Metric) -> Found:
    """Every problem of one metric."""
    place, item = metric.place, snapshot.object(metric.object)
    if item is None:
        yield unknown(place, "对象", "object", metric.object, snapshot.objects)
        return
    if metric.per and ((field := item.field(metric.per)) is None or field.type is not FieldType.REFERENCE):
        yield unknown(place, "引用字段", "reference field", metric.per, item.by_name)
    if metric.at and ((field := item.field(metric.at)) is None or field.type not in MOMENTS):
        yield unknown(place, "日期或时间字段", "date or datetime field", metric.at, item.by_name)
    if not 0 <= metric.days <= MAX_DAYS or (metric.days and not metric.at):
        yield contradiction(
            place,
            f"days 应为 0–{MAX_DAYS}，并要有 at",
            f"days must be 0–{MAX_DAYS}, and needs `at`",
        )
    if bool(metric.value) is not (metric.function in VALUED) and metric.function is not Function.RATIO:
        yield contradiction(
            place,
            f"{'、'.join(sorted(VALUED))} 要有 value，其余的没有（ratio 可有可无）",
            f"{', '.join(sorted(VALUED))} need a `value`, the others have none (ratio may)",
        )
    if bool(metric.part) is not (metric.function is Function.RATIO):
        yield contradiction(place, "ratio 要有 part，其余的没有", "ratio needs `part`, the others have none")
    if metric.against and metric.function is not Function.RATIO:
        yield contradiction(place, "只有 ratio 有 against", "only ratio has `against`")
    if metric.function is Function.SINCE and not metric.at:
        yield contradiction(place, "since 要有 at", "since needs `at`")
    extra = EXTRA if snapshot.pipeline_of(metric.object) else None
    for text, kind in (*((text, Kind.BOOLEAN) for text in metric.conditions), (metric.value, Kind.NUMBER)):
        if text:
            yield from fault(place, partial(snapshot.compiled, item.name, text, expect=kind, extra=extra))


def validate_score(snapshot: Snapshot, score: Score) -> Found:
    """Every problem of one score."""
    place, item = score.place, snapshot.object(score.object)
    if item is None:
        yield unknown(place, "对象", "object", score.object, snapshot.objects)
        return
    for name in (score.name, score.color_field):
        if name in RESERVED or sum(field.name == name for field in item.fields) > 1:
            yield contradiction(
                place, f"“{score.object}”已有字段“{name}”", f"`{score.object}` has a field `{name}` already"
            )
    if not 0 <= score.red <= score.green <= 100:
        yield contradiction(place, "应是 0 ≤ red ≤ green ≤ 100", "0 ≤ red ≤ green ≤ 100 is expected")
    if not 0 <= score.least <= 1:
        yield contradiction(place, "least 应为 0–1", "least must be 0–1")
    if score.where:
        yield from fault(place, partial(snapshot.compiled, item.name, score.where, expect=Kind.BOOLEAN))
    yield from _signals(snapshot, score)
    yield from _outcome(snapshot, score)


def _signals(snapshot: Snapshot, score: Score) -> Found:
    place = score.place
    if not 1 <= len(score.signals) <= MAX_SIGNALS:
        yield contradiction(place, f"应有 1–{MAX_SIGNALS} 个信号", f"1–{MAX_SIGNALS} signals are expected")
    if score.signals and not any(signal.weight for signal in score.signals):
        yield contradiction(
            place, "至少一个信号的权重大于 0", "at least one signal must have a weight above 0"
        )
    seen = set()
    for signal in score.signals:
        metric = snapshot.metrics.get(signal.metric)
        if metric is None:
            yield unknown(place, "指标", "metric", signal.metric, snapshot.metrics)
            continue
        if signal.metric in seen:
            yield contradiction(
                place, f"信号“{signal.metric}”写了两次", f"the signal `{signal.metric}` is written twice"
            )
        seen.add(signal.metric)
        source = snapshot.object(metric.object)
        field = source.field(metric.per) if source and metric.per else None
        if field is None or field.object != score.object:
            yield contradiction(
                place,
                f"指标“{metric.name}”不是每个“{score.object}”的：per 应是指向它的字段",
                f"the metric `{metric.name}` is not one per `{score.object}`: `per` must be a field that refers to it",
            )
        if signal.weight < 0 or signal.bad == signal.good:
            yield contradiction(
                place,
                f"信号“{signal.metric}”的权重不能小于 0，bad 与 good 不能相等",
                f"the weight of the signal `{signal.metric}` can't be below 0, nor `bad` equal `good`",
            )
        if "{figure}" not in signal.words.zh or "{figure}" not in signal.words.en:
            yield contradiction(
                place,
                f"信号“{signal.metric}”的 words 里要有 {{figure}}",
                f"the words of the signal `{signal.metric}` must hold {{figure}}",
            )


def _outcome(snapshot: Snapshot, score: Score) -> Found:
    outcome, place = score.outcome, score.place
    if outcome is None:
        return
    item = snapshot.object(outcome.object)
    if item is None:
        yield unknown(place, "对象", "object", outcome.object, snapshot.objects)
        return
    per, on = item.field(outcome.per), item.field(outcome.on)
    if per is None or per.type is not FieldType.REFERENCE or per.object != score.object:
        yield unknown(place, f"指向“{score.object}”的字段", f"field that refers to `{score.object}`", outcome.per, item.by_name)  # fmt: skip
    if on is None or on.type not in MOMENTS:
        yield unknown(place, "日期或时间字段", "date or datetime field", outcome.on, item.by_name)
    if not 1 <= outcome.days <= MAX_DAYS:
        yield contradiction(place, f"days 应为 1–{MAX_DAYS}", f"days must be 1–{MAX_DAYS}")
    for text in (outcome.won, outcome.lost):
        yield from fault(place, partial(snapshot.compiled, item.name, text, expect=Kind.BOOLEAN))
