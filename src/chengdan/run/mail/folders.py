"""Folders of a mailbox: which one holds what its owner sent, by the flag that servers give it, else by its usual names."""

from collections.abc import Sequence

from imap_tools.folder import FolderInfo

INBOX = "INBOX"
SENT = "\\sent"
"""The flag of RFC 6154, in lower case."""

SENT_NAMES = (
    "sent", "sent items", "sent messages", "sent mail", "sent-mail",
    "已发送", "已发送邮件", "已发邮件", "已发送的邮件", "已发信件", "寄件備份", "已傳送郵件", "寄件備份匣",
)  # fmt: skip
"""What providers and programs call it where no folder has the flag, the likeliest first."""

_CLOSED = frozenset({"\\noselect", "\\nonexistent"})


def sent_folder(folders: Sequence[FolderInfo]) -> str:
    """The name of the folder of sent mail; empty when there is none."""
    flags = {folder.name: {flag.lower() for flag in folder.flags} for folder in folders}
    there = [folder for folder in folders if not flags[folder.name] & _CLOSED]
    flagged = (folder.name for folder in there if SENT in flags[folder.name])
    by_name = {_last_part(folder).casefold(): folder.name for folder in reversed(there)}
    named = (by_name[name] for name in SENT_NAMES if name in by_name)
    return next(flagged, "") or next(named, "")


def _last_part(folder: FolderInfo) -> str:
    """The name without the folders around it, such as `INBOX.` or `[Gmail]/`."""
    return folder.name.rpartition(folder.delim)[2] if folder.delim not in ("", "NIL") else folder.name
