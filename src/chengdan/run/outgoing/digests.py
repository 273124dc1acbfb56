"""Digests by e-mail: written when their time has come, sent after that, with retries."""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chengdan.base.errors import Locale
from chengdan.kernel.digest import Digest, Entry, subject
from chengdan.run.outgoing import smtp
from chengdan.run.outgoing.links import link, settings_link
from chengdan.run.runtime import Runtime
from chengdan.store import deliveries, digests, hearers
from chengdan.store.connection import Connection
from chengdan.store.deliveries import Letter
from chengdan.store.digests import Due, Reader, Unread

BATCH = 20
LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


def write_due(runtime: Runtime) -> bool:
    """Write the digests whose time has come and set the next ones, in one transaction; true when there were many.

    Without a mail server the time is passed over, and what was not read stays for the first digest that leaves.
    """
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        due = digests.due(connection, now, BATCH)
        for one in due:
            _write(runtime, connection, one, now)
    return len(due) == BATCH


def _write(runtime: Runtime, connection: Connection, due: Due, now: datetime) -> None:
    reader = digests.reader(connection, due.user)
    zone = hearers.zone_of(reader.time_zone if reader else None, runtime.config.time_zone)
    since = due.since
    if reader is not None and reader.email and runtime.config.smtp_url:
        found = digests.unread(connection, due.user, due.since, now)
        if found:
            digest = _digest(runtime, reader, found, zone)
            words = subject(digest.count)
            body = {"text": digest.text, "html": digest.html}
            deliveries.post(connection, due.user, (words.zh, words.en), body, now)
        since = now
    digests.move_on(connection, due.user, since, due.rhythm.after(now, zone))


def _digest(runtime: Runtime, reader: Reader, found: Sequence[Unread], zone: ZoneInfo) -> Digest:
    locale = _locale(reader, runtime)
    entries = [
        Entry(
            one.at.astimezone(zone),
            (one.en if locale == "en" else one.zh) or one.zh,
            one.urgent,
            link(runtime.config, one.object, one.record),
        )
        for one in found
    ]
    return Digest(reader.name, locale, entries, found[0].total, settings_link(runtime.config))


def send_letters(runtime: Runtime) -> bool:
    """Send a batch of what was written over one session; true when there was any."""
    if not runtime.config.smtp_url:
        return False
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        found = deliveries.letters(connection, now, now + LEASE, BATCH)
    left = list(found)
    try:
        if left:
            with smtp.opened(runtime.config) as server:
                while left:
                    _send(runtime, server, left[0])
                    left.pop(0)
    except (OSError, smtplib.SMTPException) as error:
        for letter in left:
            _failed(runtime, letter, f"{type(error).__name__}: {error}")
    return bool(found)


def _send(runtime: Runtime, server: smtplib.SMTP, letter: Letter) -> None:
    now = runtime.clock()
    with runtime.read_pool.connection() as connection:
        reader = digests.reader(connection, letter.user)
    if reader is None or not reader.email:
        _failed(runtime, letter, "no address")
        return
    words = letter.en if _locale(reader, runtime) == "en" else letter.zh
    mail = smtp.Mail(reader.email, words, letter.body["text"], letter.body["html"], str(letter.id), now)
    try:
        smtp.send(server, runtime.config, mail)
    except smtp.MailRefused as refusal:
        _failed(runtime, letter, str(refusal))
        return
    with runtime.pool.connection() as connection:
        deliveries.sent(connection, [letter.id], "ok", runtime.clock())


def _failed(runtime: Runtime, letter: Letter, answer: str) -> None:
    again_at = runtime.clock() + min(FIRST_WAIT * 2**letter.attempts, LONGEST_WAIT)
    with runtime.pool.connection() as connection:
        deliveries.failed(connection, [letter.id], answer, again_at)


def _locale(reader: Reader, runtime: Runtime) -> Locale:
    return "en" if (reader.locale or runtime.config.locale) == "en" else "zh-CN"
