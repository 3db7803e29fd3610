"""What the house does in a process of its own (kernel/apart.py), done by forks of one that has the libraries loaded.

Loading them took most of the time of a page printed or a sheet drawn: most of a second, thousands of times. A fork has
the same bare environment, does the one thing it is asked, and ends. tests/kernel/test_apart.py tests the real way.

    python -m tests.apart_at_hand SOCKET        ends with its standard input
"""

import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest

from thucthi.kernel import apart, confinement

ROOT = Path(__file__).resolve().parent.parent
ASKED_APART = re.compile(r"\bapart\(\s*\"([\w.]+):")
Heard = Callable[[Sequence[str], bytes, float, Mapping[str, str]], tuple[int, bytes]]
# A few tests would be over before everything is loaded.
WORTH_IT = 40


def handed_on() -> dict[str, str]:
    return {name: os.environ[name] for name in apart.HANDED_ON if name in os.environ}


@contextmanager
def at_hand() -> Iterator[None]:
    """In the block, and in what is forked there, `apart` asks the process that is at hand."""
    with tempfile.TemporaryDirectory() as folder:
        place, environment = f"{folder}/asked", {**confinement.BARE_ENVIRONMENT, **handed_on()}
        loaded = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.apart_at_hand", place],
            env=environment,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        real, apart.heard_from = apart.heard_from, _asking(place, apart.heard_from, environment)
        try:
            yield
        finally:
            apart.heard_from = real
            loaded.communicate()


def _asking(place: str, real: Heard, environment: Mapping[str, str]) -> Heard:
    def heard(module: Sequence[str], given: bytes, wall_seconds: float, wanted: Mapping[str, str]) -> tuple[int, bytes]:
        if wanted != environment or not os.path.exists(place):
            return real(module, given, wall_seconds, wanted)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(wall_seconds)
            line.connect(place)
            try:
                line.sendall(given)
                line.shutdown(socket.SHUT_WR)
                said = b"".join(iter(lambda: line.recv(1 << 20), b""))
            except TimeoutError:
                raise confinement.Ended(too_slow=True) from None
        return (0, said) if said else (1, b"")

    return heard


@pytest.fixture(scope="session", autouse=True)
def apart_at_hand(request: pytest.FixtureRequest) -> Iterator[None]:
    with at_hand() if len(request.session.items) > WORTH_IT else nullcontext():
        yield


def _load_what_is_asked() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "thucthi").rglob("*.py"))
    for name in sorted(set(ASKED_APART.findall(text))):
        importlib.import_module(name)


def _end_with_whoever_started_it() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main(place: str) -> None:
    _load_what_is_asked()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    threading.Thread(target=_end_with_whoever_started_it, daemon=True).start()
    with socket.socket(socket.AF_UNIX) as door:
        # Whoever sees the name can be heard.
        door.bind(f"{place}.new")
        door.listen(64)
        os.rename(f"{place}.new", place)
        while True:
            line, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _answer(line)
            line.close()


def _answer(line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with suppress(OSError):
        confinement.keep_for_answers().close()
        line.sendall(apart._answer(b"".join(iter(lambda: line.recv(1 << 20), b""))))
    line.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
