"""Posting to addresses that people type in: none inside, none by a detour, none for long."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chengdan.kernel.outlet import Request
from chengdan.run.outgoing import post as posting
from chengdan.run.outgoing.post import AddressRefused, Gate, NotReached, post
from tests.run.outgoing.vendor import vendor

SHUT, LOOPBACK = Gate.of(None), Gate.of("127.0.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/",
        "https:///hook",
        "https://user:word@example.com/",
        "https://example.com/#x",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://例子.com/",
        "https://example.com/\r\nx: y",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://example.com/" + "x" * 2_000,
    ],
)
def test_addresses_that_are_not_public_https_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        SHUT.check(url)


def test_a_public_address_is_let_through() -> None:
    assert SHUT.check("https://oapi.dingtalk.com/robot/send?access_token=x").hostname == "oapi.dingtalk.com"
    assert SHUT.check("https://[2606:4700::1111]/").hostname == "2606:4700::1111"


def test_a_name_that_leads_inside_is_refused_when_it_is_sent_to() -> None:
    assert SHUT.check("https://localhost/hook").hostname == "localhost"
    with pytest.raises(AddressRefused):
        post(Request("https://localhost/hook", b"{}"), SHUT)


def test_what_is_allowed_by_name_or_network_is_let_through() -> None:
    gate = Gate.of("hooks.internal, 10.0.0.0/8")

    assert gate.check("http://hooks.internal/x").hostname == "hooks.internal"
    assert gate.check("http://10.9.9.9/x").hostname == "10.9.9.9"
    with pytest.raises(AddressRefused):
        gate.check("https://192.168.0.1/x")


def test_redirects_are_not_followed() -> None:
    with (
        vendor(lambda path, headers, body: (200, {})) as other,
        vendor(lambda path, headers, body: (307, {"location": other.url})) as first,
    ):
        assert post(Request(first.url, b"{}"), LOOPBACK).status == 307
        assert other.said == []


def test_a_long_answer_is_cut_and_what_is_no_json_is_nothing() -> None:
    with vendor(lambda path, headers, body: (200, {"x": "y" * 200_000})) as wordy:
        assert post(Request(wordy.url, b"{}"), LOOPBACK) == posting.Answer(200, {})


def test_nobody_there_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NotReached):
            post(Request(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"{}"), LOOPBACK)


def test_an_answer_that_drips_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_drip, args=(server,), daemon=True).start()
        started = time.monotonic()
        with pytest.raises(NotReached) as refusal:
            post(Request(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}"), LOOPBACK)

    assert time.monotonic() - started < 3
    assert "no answer within" in refusal.value.message("en")


def _drip(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.recv(1_000)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    try:
        while True:
            connection.sendall(b"x-drop: 1\r\n")
            time.sleep(0.1)
    except OSError:
        connection.close()


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[str]:
    """An HTTPS server whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, SHA256())
    )
    file = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_greet, args=(server, context), daemon=True).start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/"


def _greet(server: socket.socket, context: ssl.SSLContext) -> None:
    try:
        connection, _ = server.accept()
        context.wrap_socket(connection, server_side=True).close()
    except OSError:
        pass


def test_a_certificate_that_nobody_vouches_for_is_refused(impostor: str) -> None:
    with pytest.raises(NotReached) as refusal:
        post(Request(impostor, b"{}"), LOOPBACK)

    assert "self-signed certificate" in refusal.value.message("en")
