"""Access joined over roles: acts add up, and no role takes from or lends to another what it does not grant itself."""

from uuid import UUID

from chengdan.base.label import Label
from chengdan.kernel.access import Act, Branch, Grant, ObjectAccess, Principal, Role, Scope, resolve
from chengdan.kernel.manifest import Definitions
from chengdan.kernel.snapshot import MANAGE_USERS, Snapshot

LABEL = Label("角色", "Role")


def role(
    name: str, *, where: str = "", hidden: tuple[str, ...] = (), readonly: tuple[str, ...] = (), **acts: Scope
) -> Role:
    scopes = {Act(act): (scope,) for act, scope in acts.items()}
    return Role(name, LABEL, (Grant("job", scopes, where, hidden, readonly),))


def joined(*roles: Role) -> ObjectAccess:
    return resolve(roles, "job")


def test_nothing_is_allowed_without_a_grant() -> None:
    access = joined(Role("empty", LABEL))
    assert [act for act in Act if access.may(act)] == []
    assert (access.hidden, access.readonly) == (frozenset(), frozenset())


def test_acts_of_several_roles_add_up() -> None:
    access = joined(role("a", read=Scope.OWN), role("b", read=Scope.TEAM, update=Scope.TEAM))
    assert access.branches[Act.READ] == (Branch(frozenset({Scope.OWN})), Branch(frozenset({Scope.TEAM})))
    assert access.branches[Act.UPDATE] == (Branch(frozenset({Scope.TEAM})),)
    assert access.branches[Act.ARCHIVE] == ()


def test_a_record_rule_binds_only_its_own_role() -> None:
    ruled = role("a", read=Scope.ALL, where="not secret")
    assert not joined(ruled).unlimited(Act.READ)
    assert joined(ruled, role("b", read=Scope.ALL)).unlimited(Act.READ)
    assert not joined(ruled, role("b", read=Scope.OWN)).unlimited(Act.READ)


def test_what_is_private_limits_every_role_and_is_joined_to_its_rule() -> None:
    roles = [role("a", read=Scope.ALL), role("b", read=Scope.TEAM, where="value > 3")]
    access = resolve(roles, "job", 'stage == "idea"')

    assert not access.unlimited(Act.READ)
    assert [branch.rule for branch in access.branches[Act.READ]] == [
        'owner == me or not (stage == "idea")',
        '(value > 3) and (owner == me or not (stage == "idea"))',
    ]


def test_a_field_is_hidden_when_every_reading_role_hides_it() -> None:
    hiding = role("a", read=Scope.OWN, hidden=("cost", "margin"))
    assert joined(hiding).hidden == {"cost", "margin"}
    assert joined(hiding, role("b", read=Scope.OWN, hidden=("cost",))).hidden == {"cost"}
    assert joined(hiding, role("b", read=Scope.OWN)).hidden == frozenset()


def test_a_role_that_does_not_read_uncovers_nothing() -> None:
    hiding = role("a", read=Scope.OWN, update=Scope.OWN, hidden=("cost",))
    assert joined(hiding, role("b", create=Scope.ALL)).hidden == {"cost"}
    assert joined(hiding, Role("c", LABEL)).hidden == {"cost"}


def test_a_role_that_only_reads_unlocks_nothing() -> None:
    writing = role("a", read=Scope.OWN, update=Scope.OWN, readonly=("owner",))
    assert joined(writing, role("b", read=Scope.ALL)).readonly == {"owner"}
    assert joined(writing, role("b", read=Scope.ALL, update=Scope.ALL)).readonly == frozenset()


def test_a_hidden_field_is_never_writable() -> None:
    assert joined(role("a", read=Scope.OWN, update=Scope.OWN, hidden=("cost",))).readonly == {"cost"}
    hidden_to_readers = role("a", read=Scope.OWN, hidden=("cost",))
    assert joined(hidden_to_readers, role("b", update=Scope.OWN)).readonly == {"cost"}


def test_only_who_manages_users_decides_who_may_do_what() -> None:
    everything = Grant("user", dict.fromkeys(Act, (Scope.ALL,)))
    clerk = Role("clerk", Label("文员", "Clerk"), (everything,))
    keeper = Role("keeper", Label("管理员", "Keeper"), (everything,), frozenset({MANAGE_USERS}))
    snapshot = Snapshot(Definitions(roles={"clerk": clerk, "keeper": keeper}))

    def access(role: str) -> ObjectAccess:
        return snapshot.access(Principal(UUID(int=1), role, frozenset({role})), "user")

    assert access("clerk").readonly == {"username", "roles", "active"}
    assert access("keeper").readonly == frozenset()
