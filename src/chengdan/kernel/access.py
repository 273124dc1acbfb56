"""Access: who may do what to which records, decided by roles, scopes, record rules and field rights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped, WrongValue, suggest


class Act(StrEnum):
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"


class Scope(StrEnum):
    """Which records an act reaches, from the narrowest."""

    OWN = "own"
    SHARED = "shared"
    TEAM = "team"
    TEAM_TREE = "team_tree"
    TERRITORY = "territory"
    ALL = "all"


class HomeOf(StrEnum):
    """Whose records a role's home is about: one's own, all within reach, or as its holder chooses, beginning with all."""

    MINE = "mine"
    ALL = "all"
    CHOICE = "choice"


PERMISSIONS = (
    "override_gate",
    "vouch_signature",
    "import",
    "export",
    "bulk",
    "merge",
    "share",
    "publish",
    "manage_users",
    "audit",
    "analyse",
    "outlets",
    "conflicts",
    "pools",
    "view_log",
    "hand_over",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do on one object. `where` narrows the records it sees; field lists narrow what it sees of them."""

    object: str
    acts: Mapping[Act, tuple[Scope, ...]]
    where: str = ""
    hidden: tuple[str, ...] = ()
    readonly: tuple[str, ...] = ()
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Role:
    """A named set of grants and of permissions that are not about one object, and the panels that its home begins with.

    `home_of` says whose records the home is about.
    """

    name: str
    label: Label
    grants: tuple[Grant, ...] = ()
    permissions: frozenset[str] = frozenset()
    home: tuple[str, ...] = ()
    home_of: HomeOf = HomeOf.MINE
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @cached_property
    def by_object(self) -> Mapping[str, Grant]:
        return {grant.object: grant for grant in self.grants}


NOBODY = UUID(int=0)
"""The user of a principal that is no person: the clock."""


@dataclass(frozen=True)
class Principal:
    """Who acts: a user with the roles and the teams, territories and team tree that the user's scopes resolve to.

    `teams` are those the user belongs to, `team_tree` those and all below the ones the user leads or belongs to.
    """

    user: UUID
    name: str
    roles: frozenset[str]
    teams: tuple[UUID, ...] = ()
    team_tree: tuple[UUID, ...] = ()
    territories: tuple[UUID, ...] = ()
    locale: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"

    def __hash__(self) -> int:
        """By the user alone: what is remembered for a principal is looked up several times in each request."""
        return hash(self.user)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way in which a record is visible: it lies in one of `scopes` and satisfies `where`.

    One that satisfies `private` is its owner's alone, whatever the scope.
    """

    scopes: frozenset[Scope]
    where: str = ""
    private: str = ""

    @property
    def rule(self) -> str:
        """All that a record must satisfy beside lying in a scope, as one expression."""
        own = f"owner == me or not ({self.private})" if self.private else ""
        return f"({self.where}) and ({own})" if self.where and own else self.where or own


@dataclass(frozen=True)
class ObjectAccess:
    """All that a principal may do on one object, joined over the principal's roles."""

    object: str
    branches: Mapping[Act, tuple[Branch, ...]]
    hidden: frozenset[str]
    readonly: frozenset[str]

    def may(self, act: Act) -> bool:
        """Whether the act is allowed on at least some records."""
        return bool(self.branches.get(act))

    def beyond_own(self, act: Act) -> bool:
        """Whether the act reaches records that others own."""
        return any(scope is not Scope.OWN for branch in self.branches.get(act, ()) for scope in branch.scopes)

    def unlimited(self, act: Act) -> bool:
        """Whether the act reaches every record."""
        return any(Scope.ALL in branch.scopes and not branch.rule for branch in self.branches.get(act, ()))


def resolve(roles: Iterable[Role], object: str, private: str = "") -> ObjectAccess:
    """Join the grants of several roles on `object`, whose records that satisfy `private` are their owners': acts add up.

    A field is hidden only if every role that grants reading hides it, and not writable only if no role that grants
    writing lets it be written: a role that may only look adds no right to write.
    """
    grants = [role.by_object[object] for role in roles if object in role.by_object]
    branches: dict[Act, tuple[Branch, ...]] = {}
    for act in Act:
        found = [
            Branch(frozenset(grant.acts[act]), grant.where, private)
            for grant in grants
            if grant.acts.get(act)
        ]
        branches[act] = tuple(dict.fromkeys(found))
    reading = [grant for grant in grants if grant.acts.get(Act.READ)]
    writing = [grant for grant in grants if grant.acts.get(Act.CREATE) or grant.acts.get(Act.UPDATE)]
    hidden = _in_all([grant.hidden for grant in reading])
    return ObjectAccess(
        object,
        branches,
        hidden=hidden,
        readonly=hidden | _in_all([(*grant.readonly, *grant.hidden) for grant in writing]),
    )


def _in_all(lists: list[tuple[str, ...]]) -> frozenset[str]:
    return frozenset.intersection(*map(frozenset, lists)) if lists else frozenset()


def read_role(m: Mapped) -> Role:
    """The definition in a manifest of the kind `role`."""
    return Role(
        place=m.place,
        name=m.name("role"),
        label=m.label("label"),
        permissions=frozenset(m.texts("permissions")),
        home=m.texts("home"),
        home_of=m.choice("home_of", HomeOf, HomeOf.MINE),
        grants=tuple(_grant(item) for item in m.each("grants")),
    )


def _grant(m: Mapped) -> Grant:
    grant = Grant(
        place=m.place,
        object=m.text("object"),
        acts={act: tuple(_scopes(m, act)) for act in Act},
        where=m.text("where", ""),
        hidden=m.texts("hidden"),
        readonly=m.texts("readonly"),
    )
    m.close()
    return grant


def _scopes(m: Mapped, act: Act) -> list[Scope]:
    scopes = []
    for text in m.texts(act):
        if text in list(Scope):
            scopes.append(Scope(text))
        else:
            m.complain(
                WrongValue,
                m.place,
                f"没有“{text}”这个范围",
                f"there is no scope `{text}`",
                *suggest(text, list(Scope)),
            )
    return scopes
