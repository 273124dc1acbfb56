"""What is wrong with the place of installation is told in one line each."""

import socket

import pytest

from chengdan.base.setup import BadSetting, PortInUse, require_port_free


def test_a_free_port_passes() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    require_port_free("127.0.0.1", port)


def test_a_port_in_use_is_refused_by_name() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortInUse) as refusal:
            require_port_free("127.0.0.1", port)

    assert refusal.value.message("en") == f"The port 127.0.0.1:{port} is in use."


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(BadSetting) as refusal:
        require_port_free("192.0.2.1", 8000)

    assert refusal.value.path == "CHENGDAN_HOST"
