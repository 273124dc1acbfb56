"""The language to answer in."""

from starlette.requests import Request

from chengdan.base.errors import Locale


def locale_of(request: Request, own: str = "zh-CN") -> Locale:
    """The first language of Accept-Language that there is; else the reader's own."""
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.strip()
        if tag.startswith("zh"):
            return "zh-CN"
        if tag.startswith("en"):
            return "en"
    return "en" if own == "en" else "zh-CN"
