"""The people of the demo company: territories, the team tree and the users."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.names import mobile, person
from chengdan.sales.demo.words import REGIONS
from chengdan.sales.demo.workdays import WorkDays

LOGINS = ("rep", "manager", "presales", "sales_ops", "finance", "legal", "csm", "admin")
"""The usernames that everyone may log in with; each has the role of that name."""

_NAMED = {
    "rep": ("李思远", "客户经理"),
    "manager": ("陈建华", "销售经理"),
    "presales": ("周文博", "售前顾问"),
    "sales_ops": ("林静", "销售运营"),
    "finance": ("吴丽华", "财务主管"),
    "legal": ("郑国强", "法务主管"),
    "csm": ("宋雨桐", "客户成功经理"),
    "admin": ("系统管理员", "信息管理"),
}
_OFFICES = {
    "presales": "售前部",
    "sales_ops": "销售运营部",
    "finance": "财务部",
    "legal": "法务部",
    "csm": "客户成功部",
}
_TERRITORY_FIELDS = ("name", "parent", "regions")
_TEAM_FIELDS = ("name", "parent", "lead", "territory")
_USER_FIELDS = ("username", "name", "title", "email", "phone", "roles", "active", "locale", "time_zone")
_GROUPS_PER_REGION = 2
_MORE_SALES_OPS = 2
_MOST_GROUPS_PER_REGION = 40
_MOST_REPS_PER_GROUP = 9


class Seat(NamedTuple):
    """A rep's place: who, in which team and territory, selling where; `strength` 0.8–1.2 is the rep's ability."""

    user: UUID
    team: UUID
    territory: UUID
    region: str
    city: str
    province: str
    strength: float


@dataclass
class Organisation:
    """Whom the rest of the history is about."""

    seats: list[Seat] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    presales: list[UUID] = field(default_factory=list)
    named: dict[str, UUID] = field(default_factory=dict)
    offices: dict[str, UUID] = field(default_factory=dict)
    team_of: dict[UUID, UUID] = field(default_factory=dict)
    stories: dict[str, list[Story]] = field(default_factory=lambda: {"territory": [], "team": [], "user": []})

    def lead_of(self, team: UUID) -> UUID:
        """Who leads a team."""
        lead: UUID = next(story.values["lead"] for story in self.stories["team"] if story.id == team)
        return lead

    def batches(self) -> Iterator[Batch]:
        yield batch("territory", _TERRITORY_FIELDS, self.stories["territory"])
        yield batch("team", _TEAM_FIELDS, self.stories["team"])
        yield batch("user", _USER_FIELDS, self.stories["user"])


class _Founder:
    """Founds the organisation: every record of it is made on the first day by the administrator."""

    def __init__(self, rng: Random, days: WorkDays) -> None:
        self.rng = rng
        self.days = days
        self.made = Organisation()
        self.second = 0
        self.admin = days.id(rng, 0, 0)
        self.usernames = set(LOGINS)

    def found(self, object: str, values: dict[str, Any], id: UUID | None = None) -> UUID:
        self.second += 1
        story = Story(
            id or self.days.id(self.rng, 0, self.second),
            self.days.instant(0, self.second),
            self.admin,
            values,
        )
        self.made.stories[object].append(story)
        return story.id

    def user(self, role: str, title: str, team: UUID, username: str = "", id: UUID | None = None) -> UUID:
        drawn = person(self.rng)
        name = drawn.name
        if username:
            name, title = _NAMED[username]
        else:
            username = self._free(drawn.pinyin)
        values = {
            "username": username,
            "name": name,
            "title": title,
            "email": f"{username}@chengdan.example",
            "phone": mobile(self.rng),
            "roles": [role],
            "active": True,
            "locale": "zh-CN",
            "time_zone": "Asia/Shanghai",
            "team": team,
        }
        user = self.found("user", values, id)
        self.made.team_of[user] = team
        if username in LOGINS:
            self.made.named[username] = user
        return user

    def _free(self, username: str) -> str:
        candidate, number = username, 1
        while candidate in self.usernames:
            number += 1
            candidate = f"{username}{number}"
        self.usernames.add(candidate)
        return candidate


def found(rng: Random, days: WorkDays, scale: float) -> Organisation:
    """The organisation for a company of this scale: 10 city groups of two reps at scale 1, at most 200 groups of nine."""
    founder = _Founder(rng, days)
    growth = max(1.0, scale) ** 0.5
    groups = min(_MOST_GROUPS_PER_REGION, round(_GROUPS_PER_REGION * growth))
    reps = min(_MOST_REPS_PER_GROUP, 2 + int(growth / 3))
    nation = founder.found("territory", {"name": "全国"})
    head = founder.found("team", {"name": "总部", "lead": founder.admin, "territory": nation})
    founder.user("admin", "", head, "admin", founder.admin)
    _offices(founder, head)
    for region in REGIONS:
        _region(founder, region, nation, head, groups, reps)
    founder.rng = Random("reviewers")
    for _ in range(_MORE_SALES_OPS):
        founder.user("sales_ops", "销售运营", founder.made.offices["sales_ops"])
    return founder.made


def _offices(founder: _Founder, head: UUID) -> None:
    for role, name in _OFFICES.items():
        lead = founder.days.id(founder.rng, 0, founder.second + 1)
        office = founder.found("team", {"name": name, "parent": head, "lead": lead})
        founder.made.offices[role] = office
        founder.user(role, "", office, role, lead)
    founder.made.presales.append(founder.made.named["presales"])
    founder.made.presales += [
        founder.user("presales", "售前顾问", founder.made.offices["presales"]) for _ in range(3)
    ]


def _region(
    founder: _Founder,
    region: tuple[str, str, tuple[tuple[str, str], ...]],
    nation: UUID,
    head: UUID,
    groups: int,
    reps: int,
) -> None:
    code, label, cities = region
    territory = founder.found("territory", {"name": f"{label}区", "parent": nation, "regions": [code]})
    director = founder.days.id(founder.rng, 0, founder.second + 1)
    team = founder.found(
        "team", {"name": f"{label}大区", "parent": head, "lead": director, "territory": territory}
    )
    founder.user("manager", "大区总监", team, id=director)
    for number in range(groups):
        city, province = cities[number % len(cities)]
        lead = founder.days.id(founder.rng, 0, founder.second + 1)
        name = f"{city}{number // len(cities) + 1}组"
        group = founder.found("team", {"name": name, "parent": team, "lead": lead, "territory": territory})
        first = not founder.made.seats
        founder.user("manager", "销售经理", group, "manager" if first else "", lead)
        for place in range(reps):
            named = "rep" if first and place == 0 else ""
            user = founder.user("rep", "客户经理", group, named)
            strength = 0.8 + 0.4 * founder.rng.random()
            founder.made.seats.append(Seat(user, group, territory, code, city, province, strength))
            founder.made.weights.append(1.15 if named else 1.0)
