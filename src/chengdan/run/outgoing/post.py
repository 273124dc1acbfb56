"""Posting to an address that somebody typed in: never into the own network, never on to elsewhere, never for long.

The name is resolved once and the connection goes to the very address that was looked at, so a name that changes its mind in
between leads nowhere. `CHENGDAN_OUTGOING_ALLOW` lets hosts and networks through that are otherwise kept out.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from chengdan.base.errors import ChengdanError
from chengdan.kernel.outlet import Request

MAX_URL = 2_000
MAX_ANSWER = 65_536
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
_AGENT = "Chengdan"
_EMBEDDING = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 networks whose addresses stand for IPv4 ones."""
_TLS = ssl.create_default_context()
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(ChengdanError):
    """An address that nothing may be sent to."""

    code = "OUTLET-001"
    status = 422
    zh = "不能发往这个地址：{why}"
    en = "Nothing may be sent to this address: {why}"
    hint_zh = "用 https:// 开头的公网地址；确需内网地址时，请系统管理员设 CHENGDAN_OUTGOING_ALLOW。"
    hint_en = "Use a public address with https://; for one inside, have CHENGDAN_OUTGOING_ALLOW set."


class NotReached(ChengdanError):
    """No answer came: the name is unknown, nobody listens, TLS fails, or it took too long."""

    code = "OUTLET-002"
    status = 502
    zh = "没有连上：{why}"
    en = "It can't be reached: {why}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and the JSON object of the body where it is one."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gate:
    """Which addresses are let through although they are not public: names and networks."""

    names: frozenset[str]
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    @classmethod
    def of(cls, allowed: str | None) -> "Gate":
        """The gate of `CHENGDAN_OUTGOING_ALLOW`: names, addresses and networks with commas between."""
        names, networks = set(), []
        for part in filter(None, (part.strip() for part in (allowed or "").split(","))):
            try:
                networks.append(ipaddress.ip_network(part, strict=False))
            except ValueError:
                names.add(part.casefold())
        return cls(frozenset(names), tuple(networks))

    def check(self, url: str) -> SplitResult:
        """The parts of an address that may be posted to as far as its text says. Raises AddressRefused."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise _refused("写法不对", "it is not well formed") from None
        if len(url) > MAX_URL or not url.isascii() or any(character <= " " for character in url):
            raise _refused("写法不对", "it is not well formed")
        if not host or port == 0 or parts.username is not None or parts.fragment:
            raise _refused("写法不对", "it is not well formed")
        if parts.scheme != "https" and not (parts.scheme == "http" and self._named(host)):
            raise _refused("应以 https:// 开头", "it must start with https://")
        literal = _literal(host)
        if literal is not None and not self._lets_through(host, literal):
            raise _refused("不是公网地址", "it is not public")
        return parts

    def resolve(self, host: str, port: int) -> str:
        """The IP address to connect to. Raises NotReached, AddressRefused when any of the host's is not public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NotReached(why=error.strerror or str(error)) from None
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not all(self._lets_through(host, address) for address in addresses):
            raise _refused("域名指向内网", "its name leads inside")
        return str(addresses[0])

    def _named(self, host: str) -> bool:
        literal = _literal(host)
        return host in self.names or (literal is not None and self._within(literal))

    def _lets_through(self, host: str, address: Address) -> bool:
        return host in self.names or self._within(address) or _is_public(address)

    def _within(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def post(request: Request, gate: Gate) -> Answer:
    """Post JSON and read the answer, within TOTAL_SECONDS and MAX_ANSWER bytes; redirects are not followed.

    Raises AddressRefused, NotReached.
    """
    parts = gate.check(request.url)
    host, port = cast(str, parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Connection(host, port, gate.resolve(host, port), tls=parts.scheme == "https")
    watch = threading.Timer(TOTAL_SECONDS, connection.break_off)
    watch.daemon = True
    watch.start()
    try:
        headers = {"content-type": "application/json; charset=utf-8", "user-agent": _AGENT, **request.headers}
        connection.request(
            "POST", parts._replace(scheme="", netloc="").geturl() or "/", request.body, headers
        )
        response = connection.getresponse()
        body = response.read(MAX_ANSWER)
        if connection.broken_off:
            raise TimeoutError
        return Answer(response.status, _object(body))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotReached(why=_reason(error, connection.broken_off)) from None
    finally:
        watch.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to one IP address, in the name of a host."""

    def __init__(self, host: str, port: int, address: str, *, tls: bool) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self._address = address
        self._tls = tls
        self.default_port = 443 if tls else 80
        self.broken_off = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), CONNECT_SECONDS)
        self.sock = plain
        if self._tls:
            self.sock = _TLS.wrap_socket(plain, server_hostname=self.host)
        self.sock.settimeout(TOTAL_SECONDS)

    def break_off(self) -> None:
        """Let whatever waits for the peer fail now."""
        self.broken_off = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in network for network in _EMBEDDING):
            return False
    return address.is_global and not address.is_multicast


def _literal(host: str) -> Address | None:
    """The address that a host is written as: also `127.1` and `0x7f000001`, which the system would understand."""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    with suppress(OSError):
        return ipaddress.ip_address(socket.inet_aton(host))
    return None


def _object(body: bytes) -> Mapping[str, Any]:
    with suppress(ValueError):
        found = json.loads(body)
        if isinstance(found, dict):
            return found
    return {}


def _reason(error: Exception, broken_off: bool) -> str:
    if broken_off or isinstance(error, TimeoutError):
        return f"no answer within {TOTAL_SECONDS:.0f} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return str(error)[:200] or type(error).__name__


def _refused(zh: str, en: str) -> AddressRefused:
    return AddressRefused(path="address", why={"zh": zh, "en": en})
