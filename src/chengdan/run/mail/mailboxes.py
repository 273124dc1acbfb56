"""Mailboxes: what comes in over IMAP, or was sent by another program, is fetched once.

Where there are few of them each is waited at with IDLE, else they take turns.
"""

import imaplib
import json
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from chengdan.base.errors import ChengdanError
from chengdan.run.mail import accounts, connecting, oauth
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.errors import ServerUnreachable, UnreadableMessage
from chengdan.run.mail.folders import INBOX, sent_folder
from chengdan.run.mail.reading import MAX_BYTES
from chengdan.run.mail.taking import is_general, take
from chengdan.run.runtime import Runtime

MAX_WATCHED = 50
"""Mailboxes that one worker watches at a time."""

HELD = timedelta(seconds=90)
TURN = timedelta(seconds=60)
IDLE_SECONDS = 20.0
POLL_SECONDS = 20.0
BATCH = 200
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
_log = logging.getLogger(__name__)
_CLAIM: LiteralString = (
    "UPDATE chengdan.mail_account SET held_until = %(until)s WHERE id IN (SELECT id FROM chengdan.mail_account "
    "WHERE imap_host <> '' AND closed_at IS NULL AND (held_until IS NULL OR held_until < %(now)s) ORDER BY checked_at NULLS FIRST "
    "LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING id"
)
_STATE: LiteralString = (
    "SELECT uid_validity, uid_next FROM chengdan.mail_folder WHERE account = %s AND name = %s"
)
_MOVE: LiteralString = (
    "INSERT INTO chengdan.mail_folder (account, name, uid_validity, uid_next) "
    "SELECT id, %s, %s, %s FROM chengdan.mail_account WHERE id = %s "
    "ON CONFLICT (account, name) DO UPDATE SET uid_validity = excluded.uid_validity, uid_next = excluded.uid_next"
)
_WELL: LiteralString = "UPDATE chengdan.mail_account SET checked_at = %s, failure = NULL, failures = 0, held_until = %s WHERE id = %s AND closed_at IS NULL RETURNING id"
_FAILED: LiteralString = (
    "UPDATE chengdan.mail_account SET failure = %s::jsonb, failures = failures + 1, "
    "held_until = %s + least(%s * power(2, least(failures, 12)), %s) WHERE id = %s"
)
_COUNT: LiteralString = (
    "SELECT count(*) FROM chengdan.mail_account WHERE imap_host <> '' AND closed_at IS NULL"
)


class Watchers:
    """The mailboxes that this worker watches, each in a thread of its own."""

    def __init__(self, runtime: Runtime, stop: threading.Event) -> None:
        self._runtime = runtime
        self._stop = stop
        self._threads: dict[UUID, threading.Thread] = {}

    def tend(self) -> None:
        """Begin to watch what nobody watches, as far as there is room, where there is mail at all."""
        if self._runtime.snapshot.mail is None:
            return
        self._threads = {id: thread for id, thread in self._threads.items() if thread.is_alive()}
        room = MAX_WATCHED - len(self._threads)
        if room <= 0:
            return
        now = self._runtime.clock()
        with self._runtime.pool.connection() as connection:
            claimed = connection.execute(_CLAIM, {"until": now + HELD, "now": now, "limit": room}).fetchall()
            row = connection.execute(_COUNT).fetchone()
        idle = row is not None and row[0] <= MAX_WATCHED
        for (id,) in claimed:
            watch = threading.Thread(target=self._watch, args=(id, idle), name=f"mailbox-{id}", daemon=True)
            self._threads[id] = watch
            watch.start()

    def join(self, seconds: float) -> None:
        for thread in self._threads.values():
            thread.join(seconds)

    def _watch(self, id: UUID, idle: bool) -> None:
        """Follow one mailbox until it fails, is gone, or the worker stops; without `idle` look into it once."""
        account = _account(self._runtime, id)
        if account is None:
            return
        try:
            with connecting.mailbox(self._runtime.config, self._runtime.secrets, account) as box:
                oauth.keep_renewed(self._runtime, account)
                self._follow(account, box, idle)
        except ChengdanError as error:
            failed(self._runtime, account, error)
        except (OSError, imaplib.IMAP4.error, ImapToolsError):
            failed(self._runtime, account, ServerUnreachable(host=account.imap.host, port=account.imap.port, why=connecting.NO_ANSWER))  # fmt: skip
        except Exception:
            _log.exception("a mailbox met a fault of the program")
            failed(self._runtime, account, UnreadableMessage())

    def _follow(self, account: MailAccount, box: BaseMailBox, idle: bool) -> None:
        idles = idle and "IDLE" in box.client.capabilities
        while not self._stop.is_set():
            fetch(self._runtime, account, box, self._stop)
            if not _well(self._runtime, account, HELD if idle else TURN) or not idle:
                return
            if idles:
                box.idle.wait(timeout=IDLE_SECONDS)
            else:
                self._stop.wait(POLL_SECONDS)
            if account.sealed != getattr(_account(self._runtime, account.id), "sealed", None):
                return


def _account(runtime: Runtime, id: UUID) -> MailAccount | None:
    with runtime.pool.connection() as connection:
        return accounts.find(connection, id)


def fetch(
    runtime: Runtime, account: MailAccount, box: BaseMailBox, stop: threading.Event | None = None
) -> int:
    """Take in what came since the last time, and what was sent by other programs; returns how many messages there were.

    Of a folder met for the first time it is what comes from now on.
    """
    count = _fetch_folder(runtime, account, box, INBOX, stop)
    sent = sent_folder(box.folder.list()) if account.takes_sent else ""
    if sent:
        try:
            count += _fetch_folder(runtime, account, box, sent, stop)
        finally:
            box.folder.set(INBOX, readonly=True)
    return count


def _fetch_folder(
    runtime: Runtime, account: MailAccount, box: BaseMailBox, folder: str, stop: threading.Event | None
) -> int:
    state = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
    with runtime.pool.connection() as connection:
        known = connection.execute(_STATE, (account.id, folder)).fetchone()
        validity, next = known if known is not None else (None, 0)
        if validity != state["UIDVALIDITY"]:
            connection.execute(_MOVE, (folder, state["UIDVALIDITY"], state["UIDNEXT"], account.id))
            return 0
    if next >= state["UIDNEXT"]:
        return 0
    if folder != INBOX:
        box.folder.set(folder, readonly=True)
    count = 0
    for uid, raw in _messages(box, next):
        if stop is not None and stop.is_set():
            break
        if raw and _taken(runtime, account, raw, folder):
            count += 1
        with runtime.pool.connection() as connection:
            connection.execute(_MOVE, (folder, validity, uid + 1, account.id))
    return count


def _taken(runtime: Runtime, account: MailAccount, raw: bytes, folder: str) -> bool:
    """Take one message in; False for one that is refused: it stays where it is, and the next have their turn."""
    try:
        take(runtime, account, raw, sent=folder != INBOX)
    except ChengdanError as error:
        if is_general(error):
            raise
        _log.warning("a message in %s of mailbox %s was not taken in: %s", folder, account.id, error.code)
        return False
    return True


def _messages(box: BaseMailBox, first: int) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each message from number `first` on; no bytes of one that is too large."""
    _, found = box.client.uid("SEARCH", None, f"UID {first}:*")  # type: ignore[arg-type]
    uids = sorted(int(uid) for part in found if part for uid in part.split())
    for uid in [uid for uid in uids if uid >= first][:BATCH]:
        _, sizes = box.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
        if _size(sizes) > MAX_BYTES:
            yield uid, b""
            continue
        _, parts = box.client.uid("FETCH", str(uid), "(BODY.PEEK[])")
        yield uid, next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")


def _size(answer: list[Any]) -> int:
    text = b" ".join(part if isinstance(part, bytes) else b"" for part in answer)
    digits = text.partition(b"RFC822.SIZE ")[2].split(b")")[0].split(b" ")[0]
    return int(digits) if digits.isdigit() else 0


def _well(runtime: Runtime, account: MailAccount, held: timedelta) -> bool:
    """Say that a mailbox was looked into; False when its account is gone."""
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        return connection.execute(_WELL, (now, now + held, account.id)).fetchone() is not None


def failed(runtime: Runtime, account: MailAccount, error: ChengdanError) -> None:
    """Say what is wrong with a mailbox; it is tried again later, twice as late each time."""
    _log.warning("mailbox %s can't be read: %s", account.id, error.code)
    text = json.dumps({"code": error.code, "zh": error.message("zh-CN"), "en": error.message("en"), "hint": {"zh": error.hint("zh-CN"), "en": error.hint("en")}}, ensure_ascii=False)  # fmt: skip
    with runtime.pool.connection() as connection:
        connection.execute(_FAILED, (text, runtime.clock(), FIRST_WAIT, LONGEST_WAIT, account.id))
