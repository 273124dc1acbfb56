"""What the demo company sells, against whom, and where its leads come from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.workdays import WorkDays

_PRODUCTS = (
    ("云枢数据平台 基础版", "YS-D1", "云枢", "software", "套", 180_000, 52_000),
    ("云枢数据平台 增强版", "YS-D2", "云枢", "software", "套", 460_000, 120_000),
    ("云枢数据平台 定制版", "YS-D3", "云枢", "software", "套", 980_000, 310_000),
    ("慧眼视觉质检一体机", "HY-V1", "慧眼", "hardware", "台", 128_000, 74_000),
    ("慧眼移动质检终端", "HY-M1", "慧眼", "hardware", "台", 26_000, 15_000),
    ("磐石边缘网关 标准型", "PS-G1", "磐石", "hardware", "台", 8_800, 5_100),
    ("磐石边缘网关 防爆型", "PS-G2", "磐石", "hardware", "台", 15_600, 9_200),
    ("能耗管理套件", "NH-E1", "能耗", "software", "套", 220_000, 70_000),
    ("实施与集成服务", "SV-I1", "服务", "service", "人天", 2_800, 1_700),
    ("年度运维服务", "SV-Y1", "服务", "service", "年", 68_000, 30_000),
)
_COMPETITORS = (
    ("远图数据", "high", "价格低，渠道多", "实施依赖外包，二次开发慢"),
    ("智联工科", "high", "样板工厂多，品牌强", "合同条款苛刻，数据须上其公有云"),
    ("恒信软件", "medium", "与多家 ERP 有预置接口", "移动端薄弱"),
    ("北辰视觉", "medium", "算法团队强", "只做单点，不做平台"),
    ("本地集成商", "low", "响应快，关系好", "没有自有产品"),
)
_SOURCES = (
    ("展会", "event", 0.18),
    ("搜索引擎", "online", 0.16),
    ("官网咨询", "online", 0.14),
    ("伙伴推荐", "partner", 0.17),
    ("自主开发", "self", 0.20),
    ("老客户转介绍", "customer", 0.15),
)
_CAMPAIGNS = (
    ("工业博览会", "expo", "展会", 380_000),
    ("智能制造巡回研讨会", "seminar", "展会", 120_000),
    ("质检数字化线上公开课", "webinar", "官网咨询", 40_000),
    ("搜索推广", "advertising", "搜索引擎", 260_000),
    ("渠道伙伴路演", "partner", "伙伴推荐", 90_000),
)
_CAMPAIGN_ROUNDS = ("春季", "秋季")
_FIELDS: dict[str, tuple[str, ...]] = {
    "product": (
        "name", "code", "series", "kind", "unit", "active",
        "list_price", "list_price_currency", "cost", "cost_currency",
    ),
    "competitor": ("name", "threat", "strengths", "weaknesses"),
    "lead_source": ("name", "channel", "active"),
    "campaign": (
        "name", "kind", "status", "source", "starts_on", "ends_on",
        "budget", "budget_currency", "actual_cost", "actual_cost_currency",
    ),
}  # fmt: skip


@dataclass
class Market:
    """Ids and figures that opportunities and leads draw from."""

    products: list[tuple[UUID, int, int]] = field(default_factory=list)
    """Product, list price and cost in whole yuan."""
    competitors: list[UUID] = field(default_factory=list)
    sources: list[UUID] = field(default_factory=list)
    source_weights: list[float] = field(default_factory=list)
    campaigns: dict[UUID, list[tuple[date, UUID]]] = field(default_factory=dict)
    """The campaigns that feed a lead source, with the days they start on."""
    stories: dict[str, list[Story]] = field(default_factory=lambda: {name: [] for name in _FIELDS})

    def source(self, rng: Random) -> UUID:
        return rng.choices(self.sources, self.source_weights)[0]

    def campaign(self, rng: Random, source: UUID, day: date) -> UUID | None:
        """A campaign that may have brought something in from `source` on `day`."""
        running = [campaign for starts_on, campaign in self.campaigns.get(source, ()) if starts_on <= day]
        return rng.choice(running) if running and rng.random() < 0.6 else None

    def batches(self) -> Iterator[Batch]:
        for object, fields in _FIELDS.items():
            yield batch(object, fields, self.stories[object])


def open_market(rng: Random, days: WorkDays, organisation: Organisation) -> Market:
    """Products, competitors, lead sources and campaigns, made by sales operations on the first day."""
    market = Market()
    maker = organisation.named["sales_ops"]
    owned = {"owner": maker, "team": organisation.offices["sales_ops"]}

    def add(object: str, values: dict[str, Any]) -> UUID:
        second = 1800 + sum(map(len, market.stories.values()))
        story = Story(days.id(rng, 0, second), days.instant(0, second), maker, {**owned, **values})
        market.stories[object].append(story)
        return story.id

    for name, code, series, kind, unit, price, cost in _PRODUCTS:
        values: dict[str, Any] = {
            "name": name,
            "code": code,
            "series": series,
            "kind": kind,
            "unit": unit,
            "active": True,
        }
        values |= {**_money("list_price", price), **_money("cost", cost)}
        market.products.append((add("product", values), price, cost))
    for name, threat, strengths, weaknesses in _COMPETITORS:
        values = {"name": name, "threat": threat, "strengths": strengths, "weaknesses": weaknesses}
        market.competitors.append(add("competitor", values))
    sources = {}
    for name, channel, weight in _SOURCES:
        sources[name] = add("lead_source", {"name": name, "channel": channel, "active": True})
        market.source_weights.append(weight)
    market.sources = list(sources.values())
    for round, season in enumerate(_CAMPAIGN_ROUNDS):
        starts_on = days.dates[days.opening] + timedelta(days=40 + 180 * round)
        for name, kind, source, budget in _CAMPAIGNS:
            campaign = add(
                "campaign", _campaign(season + name, kind, sources[source], budget, starts_on, days.dates[-1])
            )
            market.campaigns.setdefault(sources[source], []).append((starts_on, campaign))
    return market


def _campaign(
    name: str, kind: str, source: UUID, budget: int, starts_on: date, today: date
) -> dict[str, Any]:
    ends_on = starts_on + timedelta(days=3 if kind in ("expo", "webinar") else 60)
    status = "planned" if today < starts_on else "running" if today <= ends_on else "done"
    values = {
        "name": name,
        "kind": kind,
        "status": status,
        "source": source,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    spent = budget * 93 // 100 if status == "done" else None
    return {**values, **_money("budget", budget), **_money("actual_cost", spent)}


def _money(name: str, amount: int | None) -> dict[str, Any]:
    return {name: amount, f"{name}_currency": "CNY"}
