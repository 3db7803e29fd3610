"""Officials who report without a pause, and visitors who read. A write counts once it was acknowledged, not before.

A write that got no clear answer is sent again under the same idempotency key until it is acknowledged: so does the form
of the application when somebody presses twice.
"""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.ha.places import LOOPBACK
from tests.ha.world import PASSWORD

PATIENCE = 8.0  # seconds for one answer; then the write is in doubt
_PAUSE, _RETRY = 0.03, 0.2
_LIST, _ORGANISATIONS = "/lam-viec/tinh-hinh/", "/lam-viec/don-vi/"
_SIGN_IN = "/tai-khoan/login/"


@dataclass
class Write:
    """One report. Moments are seconds of the monotonic clock; `doubts`: attempts whose outcome nobody knew."""

    writer: int
    key: str
    code: str
    period: str
    begun: float
    acknowledged: float | None = None
    report: int | None = None
    attempts: int = 0
    doubts: int = 0


class _Official:
    """A signed-in session against the load balancer."""

    def __init__(self, port: int, username: str) -> None:
        self._base, self._username = f"http://{LOOPBACK}:{port}", username
        self._session = requests.Session()

    def sign_in(self) -> None:
        """Raises requests.RequestException while nobody answers."""
        self._session = requests.Session()
        self._session.get(self._base + _SIGN_IN, timeout=PATIENCE).raise_for_status()
        answer = self._post(_SIGN_IN, {"login": self._username, "password": PASSWORD})
        if answer.status_code != 302:
            raise requests.RequestException(f"sign-in answered {answer.status_code}")

    def report(self, write: Write) -> requests.Response:
        return self._post(
            f"/lam-viec/nhiem-vu/{write.code}/bao-cao/{write.period}/",
            {"claim": "on_plan", "progress": "40", "note": "", "idempotency_key": write.key, "version": "0"},
        )

    def read(self, path: str) -> requests.Response:
        return self._session.get(self._base + path, timeout=PATIENCE, allow_redirects=False)

    def _post(self, path: str, fields: dict[str, str]) -> requests.Response:
        self._session.cookies.pop("messages", None)  # nobody looks at the page that would show them
        told = fields | {"csrfmiddlewaretoken": self._session.cookies.get("csrftoken", "")}
        return self._session.post(self._base + path, data=told, timeout=PATIENCE, allow_redirects=False)


@dataclass
class Pool:
    """The writers of a world; `writes` holds what was begun, in the order of its beginning."""

    port: int
    world: list[dict[str, Any]]
    writes: list[Write] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(len(self.world)):
            thread = threading.Thread(target=self._work, args=(number,), name=f"writer {number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """No new writes; those in doubt are pursued for as long as it takes, at most a minute."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def _plan(self, number: int) -> Iterator[tuple[str, str]]:
        told = self.world[number]
        return ((code, period) for period in told["periods"] for code in told["codes"])

    def _work(self, number: int) -> None:
        official = _Official(self.port, self.world[number]["username"])
        self._until_done(official.sign_in)
        for code, period in self._plan(number):
            if self._over.is_set():
                return
            write = Write(number, str(uuid4()), code, period, time.monotonic())
            self.writes.append(write)
            self._pursue(official, write)
            time.sleep(_PAUSE)
        self.surprises.append(f"writer {number} has nothing left to report")

    def _until_done(self, act: Any) -> None:
        while True:
            try:
                act()
            except requests.RequestException:
                time.sleep(_RETRY)
            else:
                return

    def _pursue(self, official: _Official, write: Write) -> None:
        while write.acknowledged is None:
            write.attempts += 1
            try:
                answer = official.report(write)
            except requests.ConnectTimeout:
                time.sleep(_RETRY)
            except requests.RequestException:
                write.doubts += 1
                time.sleep(_RETRY)
            else:
                self._judge(official, write, answer)

    def _judge(self, official: _Official, write: Write, answer: requests.Response) -> None:
        place = answer.headers.get("Location", "")
        if answer.status_code == 302 and place.startswith("/lam-viec/bao-cao/"):
            write.report = int(place.split("/")[3])
            write.acknowledged = time.monotonic()
        elif answer.status_code in (401, 403) or (answer.status_code == 302 and _SIGN_IN in place):
            self._until_done(official.sign_in)
        elif answer.status_code >= 500:
            write.doubts += 1
            time.sleep(_RETRY)
        else:
            self.surprises.append(f"{write.code} {write.period}: {answer.status_code} {place}")
            write.acknowledged, write.report = time.monotonic(), -1


@dataclass
class Readers:
    """Visitors of the public site, who must never see an error, and an official who reads two lists.

    One of the lists tolerates lag; `from_standby`: how often it said that it was read from a standby.
    """

    public_port: int
    workspace_port: int
    username: str
    public: int = 0
    public_errors: list[tuple[float, str]] = field(default_factory=list)
    pages: int = 0
    from_standby: int = 0
    refused: int = 0
    longest: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for work in (self._visit, self._read):
            thread = threading.Thread(target=work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _visit(self) -> None:
        session = requests.Session()
        paths = ("/", "/index.json", "/en/", "/nhiem-vu/", "/proofs/ledger.json")
        while not self._over.wait(0.02):
            path = paths[self.public % len(paths)]
            self.public += 1
            try:
                answer = session.get(f"http://{LOOPBACK}:{self.public_port}{path}", timeout=5)
                if answer.status_code != 200:
                    self.public_errors.append((time.monotonic(), f"{path} {answer.status_code}"))
            except requests.RequestException as error:
                self.public_errors.append((time.monotonic(), f"{path} {error}"))

    def _read(self) -> None:
        official = _Official(self.workspace_port, self.username)
        signed_in = False
        while not self._over.wait(0.2):
            begun = time.monotonic()
            try:
                if not signed_in:
                    official.sign_in()
                signed_in = True
                answer = official.read(_LIST if self.pages % 2 else _ORGANISATIONS)
                self.pages += answer.status_code == 200
                self.from_standby += "Số liệu chậm" in answer.text
                self.refused += answer.status_code != 200
                signed_in = answer.status_code != 302
            except requests.RequestException:
                self.refused += 1
            self.longest = max(self.longest, time.monotonic() - begun)
