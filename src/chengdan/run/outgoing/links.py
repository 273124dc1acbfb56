"""Links from outside to this installation."""

from uuid import UUID

from chengdan.base.config import Config


def link(config: Config, object: str, record: UUID | None) -> str:
    """Where a record is opened, else the home; nothing when nobody said where people reach this installation."""
    if config.public_url is None:
        return ""
    base = config.public_url.rstrip("/")
    return f"{base}/records/{object}/{record}" if object and record else f"{base}/"


def settings_link(config: Config) -> str:
    """Where a person chooses what reaches them."""
    return f"{config.public_url.rstrip('/')}/settings/notifications" if config.public_url else ""
