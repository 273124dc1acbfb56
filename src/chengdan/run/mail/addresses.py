"""Addresses: what people type into To and Cc, read strictly and written in one way."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import getaddresses

from chengdan.run.mail.accounts import ADDRESS
from chengdan.run.mail.errors import BadAddress, TooManyAddresses

MAX_ADDRESSES = 100
_SEPARATORS = re.compile(r"[;；，、\n]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a mail is to or from."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    @property
    def header(self) -> Address:
        return Address(display_name=self.name, addr_spec=self.address)


def parsed(text: str) -> list[Person]:
    """The people in a list of addresses, each once. Raises BadAddress, TooManyAddresses."""
    found: dict[str, Person] = {}
    for part in _SEPARATORS.sub(",", text).split(","):
        part = part.strip()
        if not part:
            continue
        name, address = getaddresses([part])[0] if "<" in part else ("", part)
        if not ADDRESS.fullmatch(address) or not address.isascii():
            raise BadAddress(address=part[:100])
        found.setdefault(address.lower(), Person(address, _plain(name)))
    if len(found) > MAX_ADDRESSES:
        raise TooManyAddresses(limit=MAX_ADDRESSES)
    return list(found.values())


def met(headers: Iterable[str]) -> list[Person]:
    """The people in the headers of a message that came in; what is no address is left out."""
    pairs = getaddresses([header for header in headers if header])[:MAX_ADDRESSES]
    return [Person(address, _plain(name)) for name, address in pairs if ADDRESS.fullmatch(address)]


def listed(people: Iterable[Person]) -> str:
    return ", ".join(map(str, people))


def _plain(name: str) -> str:
    """A name that holds nothing which would end it."""
    return re.sub(r'[<>",;\x00-\x1f]+', " ", name).strip()[:100]
