"""When a person's digest leaves, on the clock where they are, and what it looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from html import escape
from zoneinfo import ZoneInfo

from chengdan.base.errors import Locale
from chengdan.base.label import Label

DAILY, WEEKLY = "daily", "weekly"
EVERY = (DAILY, WEEKLY)
MAX_SHOWN = 50
_SUBJECT = Label("成单：{count} 条未读通知", "Chengdan: {count} unread notifications")
_HELLO = Label(
    "{name}，您好。以下是您还没有读的通知。", "Hello {name}, these are the notifications you have not read."
)
_MORE = Label("另有 {count} 条，请在成单里查看。", "{count} more: open Chengdan to see them.")
_URGENT = Label("紧急", "Urgent")
_FOOT = Label(
    "在「设置 › 通知」里改变或停止这封摘要。", "Change or stop this digest under Settings › Notifications."
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a digest comes: daily or weekly, at a minute of the day, weekly on a weekday (0 is Monday)."""

    every: str
    minute: int
    weekday: int = 0

    def after(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The next moment after `now`, by the clock in `zone`; a time that is skipped there counts as an hour later."""
        here = now.astimezone(zone)
        at = time(self.minute // 60, self.minute % 60)
        for days in range(9):
            day = here.date() + timedelta(days=days)
            moment = datetime.combine(day, at, zone).astimezone(now.tzinfo)
            if moment > now and (self.every == DAILY or day.weekday() == self.weekday):
                return moment
        raise AssertionError("a week has every weekday")


@dataclass(frozen=True, slots=True)
class Entry:
    """One notification of a digest; `at` on the clock of the reader, `url` may be empty."""

    at: datetime
    text: str
    urgent: bool
    url: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What a person has not read, the urgent first: at most MAX_SHOWN entries of `count`."""

    name: str
    locale: Locale
    entries: Sequence[Entry]
    count: int
    settings_url: str

    @property
    def text(self) -> str:
        """The digest as plain text."""
        lines = [self._say(_HELLO, name=self.name), ""]
        for entry in self.entries:
            mark = f"[{_URGENT.text(self.locale)}] " if entry.urgent else ""
            lines.append(f"- {entry.at:%m-%d %H:%M} {mark}{entry.text}")
            lines.extend([f"  {entry.url}"] if entry.url else [])
        lines.extend(["", self._say(_MORE, count=self._left)] if self._left else [])
        return "\n".join([*lines, "", self._say(_FOOT), self.settings_url]).rstrip() + "\n"

    @property
    def html(self) -> str:
        """The digest as HTML that needs nothing from elsewhere."""
        rows = "".join(self._row(entry) for entry in self.entries)
        more = f"<p>{escape(self._say(_MORE, count=self._left))}</p>" if self._left else ""
        foot = escape(self._say(_FOOT))
        if self.settings_url:
            foot = f'<a href="{escape(self.settings_url)}" style="color:#6b7280">{foot}</a>'
        return (
            '<!doctype html><html><body style="margin:0;padding:24px;background:#f6f7f9;color:#1f2329;'
            "font:14px/1.6 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif\">"
            '<div style="max-width:600px;margin:0 auto;padding:24px;background:#fff;border-radius:10px">'
            f"<p>{escape(self._say(_HELLO, name=self.name))}</p>"
            f'<table role="presentation" style="width:100%;border-collapse:collapse">{rows}</table>{more}'
            f'<p style="color:#6b7280;font-size:12px">{foot}</p></div></body></html>'
        )

    def _row(self, entry: Entry) -> str:
        text = escape(entry.text)
        if entry.url:
            text = f'<a href="{escape(entry.url)}" style="color:#1f5eff;text-decoration:none">{text}</a>'
        if entry.urgent:
            text = f'<b style="color:#b42318">{_URGENT.text(self.locale)}</b> {text}'
        return (
            f'<tr><td style="padding:8px 12px 8px 0;color:#6b7280;white-space:nowrap;vertical-align:top">{entry.at:%m-%d %H:%M}'
            f'</td><td style="padding:8px 0;border-bottom:1px solid #eceef1">{text}</td></tr>'
        )

    @property
    def _left(self) -> int:
        return self.count - len(self.entries)

    def _say(self, label: Label, **values: object) -> str:
        return label.text(self.locale).format(**values)


def subject(count: int) -> Label:
    """The subject of a digest of `count` notifications."""
    return Label(_SUBJECT.zh.format(count=count), _SUBJECT.en.format(count=count))
