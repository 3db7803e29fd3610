"""The cables between the machines: TCP links on loopback, each of which can be pulled and put back.

A process of its own (`python -m tests.ha.network`), so that its work does not slow the writers. A pulled link delivers
nothing in either direction and takes no new connection further than the kernel's queue; when it is put back, what was
on its way arrives, as after the retransmission of a real network. What it cannot show: a sender whose kernel notices
that nothing is acknowledged (TCP user timeout), for here the kernel of the link acknowledges.
"""

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping

from tests.ha.places import LOOPBACK
from thucthi.config.supervisor.processes import finish, spawn, wait_until

_CHUNK = 65_536


class Link:
    """Everything that arrives at `port` goes to `target`, while the link is whole."""

    def __init__(self, port: int, target: int) -> None:
        self._port, self._target = port, target
        self._carrying: set[asyncio.Task[None]] = set()
        self.whole = asyncio.Event()
        self.whole.set()

    async def open(self) -> None:
        await asyncio.start_server(self._carry, LOOPBACK, self._port)

    def drop(self) -> None:
        """What is on its way is lost and connections end, as when the machine at the far end has died. Then whole."""
        for carrying in list(self._carrying):
            carrying.cancel()
        self.whole.set()

    async def _carry(self, near: asyncio.StreamReader, near_back: asyncio.StreamWriter) -> None:
        carrying = asyncio.current_task()
        self._carrying.add(carrying)  # type: ignore[arg-type]
        ends, ways = [near_back], []
        try:
            await self.whole.wait()
            far, far_back = await asyncio.open_connection(LOOPBACK, self._target)
            ends.append(far_back)
            ways = [asyncio.create_task(self._pump(near, far_back)), asyncio.create_task(self._pump(far, near_back))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._carrying.discard(carrying)  # type: ignore[arg-type]
            for way in ways:
                way.cancel()
            for end in ends:
                end.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                await self.whole.wait()
                sink.write(data)
                await sink.drain()
        await self.whole.wait()


async def _serve(control: int, links: Mapping[str, tuple[int, int]]) -> None:
    made = {name: Link(port, target) for name, (port, target) in links.items()}
    for link in made.values():
        await link.open()

    async def obey(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        word, *names = (await reader.readline()).decode().split()
        for name in names:
            link = made[name]
            {"cut": link.whole.clear, "heal": link.whole.set, "drop": link.drop}[word]()
        writer.write(b"done\n")
        writer.close()

    server = await asyncio.start_server(obey, LOOPBACK, control)
    await server.serve_forever()


class Network:
    """The links by name, from port to port; `cut`, `heal` and `drop` return when it is done."""

    def __init__(self, control: int, links: Mapping[str, tuple[int, int]], environment: Mapping[str, str]) -> None:
        self._control, self._links, self._environment = control, links, environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        told = json.dumps([self._control, self._links])
        self._process = spawn([sys.executable, "-m", "tests.ha.network", told], environment=self._environment)
        if not wait_until(self._answers, seconds=20):
            raise RuntimeError("the links did not open")

    def stop(self) -> None:
        if self._process:
            finish(self._process, ((signal.SIGTERM, 2.0),))

    def cut(self, *names: str) -> None:
        self._tell("cut", *names)

    def heal(self, *names: str) -> None:
        self._tell("heal", *(names or self._links))

    def drop(self, *names: str) -> None:
        self._tell("drop", *names)

    def _answers(self) -> bool:
        try:
            self._tell("heal")
        except OSError:
            return False
        return True

    def _tell(self, *words: str) -> None:
        with socket.create_connection((LOOPBACK, self._control), timeout=5) as line:
            line.sendall(f"{' '.join(words)}\n".encode())
            if line.recv(16) != b"done\n":
                raise RuntimeError(f"the links did not obey: {words}")


if __name__ == "__main__":
    _control, _links = json.loads(sys.argv[1])
    asyncio.run(_serve(_control, _links))
