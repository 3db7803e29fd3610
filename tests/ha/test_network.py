"""A pulled link delivers nothing until it is put back; what was on its way to a machine that died never arrives."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.ha.network import Network
from tests.ha.places import LOOPBACK, ROOT, Ports
from thucthi.config.supervisor.processes import wait_until


class Hearing:
    """A server that keeps what it hears."""

    def __init__(self, port: int) -> None:
        self.heard = b""
        self._server = socket.create_server((LOOPBACK, port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _from = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line: socket.socket) -> None:
        with line:
            while said := line.recv(100):
                self.heard += said

    def close(self) -> None:
        self._server.close()

    def hears(self, wanted: bytes) -> bool:
        return wait_until(lambda: self.heard == wanted, seconds=20)


@pytest.fixture
def linked() -> Iterator[tuple[Network, Hearing, int]]:
    ports = Ports()
    near, far = ports(), ports()
    hearing = Hearing(far)
    network = Network(ports(), {"link": (near, far)}, {**os.environ, "PYTHONPATH": str(ROOT)})
    network.start()
    yield network, hearing, near
    network.stop()
    hearing.close()


def test_what_waits_arrives_when_the_link_is_put_back(linked: tuple[Network, Hearing, int]) -> None:
    network, hearing, near = linked
    with socket.create_connection((LOOPBACK, near)) as line:
        line.sendall(b"one")
        assert hearing.hears(b"one")
        network.cut("link")
        line.sendall(b"two")
        with socket.create_connection((LOOPBACK, near)) as another:
            another.sendall(b"!")
            assert not wait_until(lambda: hearing.heard != b"one", seconds=0.3)
        network.heal("link")
        assert wait_until(lambda: sorted(hearing.heard) == sorted(b"onetwo!"), seconds=20)


def test_what_was_sent_to_the_dead_is_lost(linked: tuple[Network, Hearing, int]) -> None:
    network, hearing, near = linked
    with socket.create_connection((LOOPBACK, near)) as line:
        line.sendall(b"one")
        assert hearing.hears(b"one")
        network.cut("link")
        line.sendall(b"two")
        network.drop("link")
        assert line.recv(1) == b""
    with socket.create_connection((LOOPBACK, near)) as line:
        line.sendall(b"three")
        assert hearing.hears(b"onethree")
