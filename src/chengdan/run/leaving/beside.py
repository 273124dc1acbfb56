"""What hangs on a person beside the records they hold: what they follow, shared views, mail accounts, their log-ins."""

from collections.abc import Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from chengdan.base.label import Label
from chengdan.run import audience, channels, notify
from chengdan.run.action import apply
from chengdan.run.commands import Update
from chengdan.run.leaving.report import FOLLOWER, MAIL, Handed, Report, keep
from chengdan.run.mail import accounts
from chengdan.store import sessions
from chengdan.store.unit import Unit

_COUNTS: Mapping[str, LiteralString] = {
    "follows": "SELECT count(*) FROM chengdan.follower WHERE user_id = %s",
    "views": "SELECT count(*) FROM chengdan.saved_view WHERE owner = %s AND shared <> 'none'",
    "shares": "SELECT count(*) FROM chengdan.share WHERE grantee = %s AND (until IS NULL OR until > now())",
    "sessions": "SELECT count(*) FROM chengdan.session WHERE user_id = %s AND expires_at > now()",
    "tokens": "SELECT count(*) FROM chengdan.api_token WHERE user_id = %s AND revoked_at IS NULL",
}
"""What they follow and shared views go along, the rest ends with the account."""

_FOLLOWED: LiteralString = (
    "SELECT f.object, f.record_id, h.new_user FROM chengdan.follower f LEFT JOIN chengdan.handed h "
    "ON h.job = %s AND h.record_id = f.record_id AND h.field = 'owner' "
    "WHERE f.user_id = %s AND f.record_id > %s ORDER BY f.record_id LIMIT %s"
)
_FOLLOW: LiteralString = (
    "INSERT INTO chengdan.follower (object, record_id, user_id, since) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING RETURNING user_id"
)
_UNFOLLOW: LiteralString = "DELETE FROM chengdan.follower WHERE record_id = %s AND user_id = %s"
_VIEWS: LiteralString = (
    "UPDATE chengdan.saved_view v SET owner = %s WHERE owner = %s AND shared <> 'none' "
    "AND NOT EXISTS (SELECT 1 FROM chengdan.saved_view o WHERE o.owner = %s AND o.object = v.object AND o.name = v.name) "
    "RETURNING v.id"
)


def counts(reader: Unit, person: UUID) -> dict[str, int]:
    """How much of each hangs on somebody."""
    return {
        name: (reader.execute(question, (person,)).fetchone() or (0,))[0]
        for name, question in _COUNTS.items()
    }


def followed(
    unit: Unit, job: UUID, person: UUID, after: UUID, limit: int
) -> Sequence[tuple[str, UUID, UUID | None]]:
    """The next records that somebody follows: object, id, and who was given it by this hand-over."""
    return [
        (object, id, to) for object, id, to in unit.execute(_FOLLOWED, (job, person, after, limit)).fetchall()
    ]


def pass_on_follow(unit: Unit, job: UUID, person: UUID, object: str, id: UUID, to: UUID) -> bool:
    """Let somebody else follow a record instead, if they may see it."""
    if object not in unit.snapshot.objects or not audience.may_see(unit, to, object, id):
        return False
    began = unit.execute(_FOLLOW, (object, id, to, unit.now)).fetchone() is not None
    unit.execute(_UNFOLLOW, (id, person))
    keep(unit, job, Handed(object, id, FOLLOWER, person, to if began else None))
    return True


def follow_again(unit: Unit, handed: Handed) -> None:
    """Undo `pass_on_follow`: who began to follow by it stops."""
    if handed.new is not None:
        unit.execute(_UNFOLLOW, (handed.record, handed.new))
    unit.execute(_FOLLOW, (handed.object, handed.record, handed.old, unit.now))


def pass_on_views(unit: Unit, person: UUID, heir: UUID) -> int:
    """Give shared views to somebody, but for those of which they have a namesake; how many went."""
    return len(unit.execute(_VIEWS, (heir, person, heir)).fetchall())


def pass_on_mail(
    unit: Unit, job: UUID, person: UUID, name: str, chosen: Mapping[UUID, UUID | None], report: Report
) -> None:
    """Give each mail account of somebody on, or close it, and tell who has it now."""
    for account in accounts.of_person(unit, person):
        if account.id not in chosen:
            continue
        to = chosen[account.id]
        if to is None:
            accounts.close(unit, account)
        else:
            accounts.give(unit, account, to)
            message = Label(
                f"{name}的邮箱 {account.address} 交接给您",
                f"The mailbox {account.address} of {name} is yours now",
            )
            notify.tell(unit, [to], message, object="user", record=person, urgent=False, rule=channels.HANDED)
        keep(unit, job, Handed("", account.id, MAIL, person, to))
        report.note_beside("mail" if to else "mail_closed")


def take_mail_back(unit: Unit, handed: Handed) -> bool:
    """Undo `pass_on_mail`, unless the account went on since. Raises AddressTaken where it can't be opened again."""
    if handed.new is None:
        return accounts.reopen(unit, handed.record, handed.old)
    account = accounts.find(unit.connection, handed.record)
    if account is None or account.owner != handed.new:
        return False
    accounts.give(unit, account, handed.old)
    return True


def close_account(unit: Unit, mover: Unit, person: UUID) -> None:
    """Let somebody in no more: account, sessions, tokens, calendar feed."""
    apply(mover, Update("user", person, None, {"active": False}))
    sessions.close_sessions(unit.connection, person)
    unit.execute(
        "UPDATE chengdan.api_token SET revoked_at = %s WHERE user_id = %s AND revoked_at IS NULL",
        (unit.now, person),
    )
    unit.execute("DELETE FROM chengdan.calendar_feed WHERE user_id = %s", (person,))
