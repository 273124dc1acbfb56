"""What a public link may be for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.store.links import Link
from chengdan.web.call import Call


@dataclass(frozen=True, slots=True)
class Purpose:
    """What links of one purpose do.

    `show` says as JSON what the page tells; `page` draws a page of the document (from 1 on, as WebP); `take` reads the body
    and does what the link is for, answering with JSON. Each gets a link that is open, and raises ChengdanErrors.
    """

    name: str
    show: Callable[[Call, Link], Mapping[str, Any]]
    page: Callable[[Call, Link, int], bytes] | None = None
    take: Callable[[Call, Link], Mapping[str, Any]] | None = None
