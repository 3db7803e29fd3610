"""The driver, a process of its own: `python -m benchmarks.rush.driving PLAN` prints what came back, as JSON.

Threads, each with a person's browser in it; one starts everything at its moment and waits for nobody.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import requests

from benchmarks.rush.browser import SIGN_IN, Browser, Wrong
from benchmarks.rush.figures import Acknowledged, Driven, Shot, written
from benchmarks.rush.plan import Plan, arrivals, read, turns

THREADS, PREPARING = 300, 4
Answer = TypeVar("Answer")


class Rush:
    """One run of a plan. Units connect from 127.1.0.1 on, officials from 127.2.0.1 on, the public from 127.0.0.1."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.shots: list[Shot] = []
        self.acknowledged: list[Acknowledged] = []
        self._begun = time.monotonic()
        self._units = [Browser(plan.base, _address(1, n)) for n in range(len(plan.units))]
        self._officials = {who.login: Browser(plan.base, _address(2, n)) for n, who in enumerate(plan.readers)}
        self._one_at_a_time = {who.login: threading.Lock() for who in plan.readers}
        self._turns = turns(plan)
        self._mine = threading.local()

    def run(self) -> Driven:
        self._prepare()
        prepared, self.shots = tuple(self.shots), []
        acts = {"unit": self._unit, "official": self._official, "public": self._visit}
        before, self._begun = time.process_time(), time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            asked = []
            for arrival in arrivals(self.plan):
                self._sleep_until(arrival.at)
                asked.append(pool.submit(acts[arrival.sort], arrival.at, arrival.number))
        for each in asked:
            each.result()
        found = tuple(self.shots), prepared, tuple(self.acknowledged)
        return Driven(*found, self.plan.seconds, time.process_time() - before, self.plan.requests)

    def _prepare(self) -> None:
        """Sign-ins before the clock, and a page for every official: a system in use is warm."""
        plan = self.plan
        people = [(self._officials[who.login], who.login) for who in plan.readers]
        if plan.signed_in:
            people += [(browser, unit.login) for browser, unit in zip(self._units, plan.units, strict=True)]
        with ThreadPoolExecutor(PREPARING) as pool:
            list(pool.map(lambda person: self._sign_in(*person, self._now(), typing=False), people))
            first = self._turns[: len(plan.readers)]
            list(pool.map(lambda turn: self._ask("warming", self._now(), self._opening(turn[0].login, turn[2])), first))

    def _sign_in(self, browser: Browser, login: str, due: float, *, typing: bool) -> bool:
        page = self._ask("sign-in page", due, lambda: browser.get(SIGN_IN))
        if page is None:
            return False
        due = self._typed_after(due) if typing else self._now()
        return self._ask("sign-in", due, lambda: browser.sign_in(page, login, self.plan.password)) is not None

    def _unit(self, due: float, number: int) -> None:
        unit, browser = self.plan.units[number], self._units[number]
        path = f"/lam-viec/nhiem-vu/{unit.code}/bao-cao/{unit.period}/"
        if not self.plan.signed_in:
            if not self._sign_in(browser, unit.login, due, typing=True):
                return
            due = self._now()
        if self._ask("my work of a unit", due, lambda: browser.get("/lam-viec/")) is None:
            return
        due = self._typed_after(due)
        form = self._ask("report form", due, lambda: browser.get(path))
        if form is None:
            return
        sent = self._ask("report sent", self._typed_after(due), lambda: browser.report(path, form))
        if sent is not None:
            key, place = sent
            self.acknowledged.append(Acknowledged(key, int(place.split("/")[3])))
            self._ask("page after it", self._now(), lambda: browser.get(place))

    def _official(self, due: float, number: int) -> None:
        reader, kind, path = self._turns[number]
        self._ask(f"{kind} (official)", due, self._opening(reader.login, path))

    def _opening(self, login: str, path: str) -> Callable[[], str]:
        def opened() -> str:
            with self._one_at_a_time[login]:
                return self._officials[login].get(path)

        return opened

    def _visit(self, due: float, number: int) -> None:
        kind, path = self.plan.public[number % len(self.plan.public)]
        self._ask(f"{kind} (public)", due, lambda: self._visitor().get(path))

    def _visitor(self) -> Browser:
        if not hasattr(self._mine, "browser"):
            self._mine.browser = Browser(self.plan.base)
        browser: Browser = self._mine.browser
        return browser

    def _ask(self, kind: str, due: float, call: Callable[[], Answer]) -> Answer | None:
        """None for an error, which is counted."""
        error = ""
        try:
            return call()
        except Wrong as wrong:
            error = str(wrong)
        except requests.RequestException as failure:
            error = type(failure).__name__
        finally:
            ended = self._now()
            self.shots.append(Shot(kind, (ended - due) * 1000, ended, error))
        return None

    def _typed_after(self, due: float) -> float:
        """When whoever types is ready: after so many seconds, or as soon as a late page was there."""
        ready = max(due + self.plan.think, self._now())
        self._sleep_until(ready)
        return ready

    def _now(self) -> float:
        return time.monotonic() - self._begun

    def _sleep_until(self, moment: float) -> None:
        time.sleep(max(0.0, moment - self._now()))


def _address(network: int, number: int) -> str:
    return f"127.{network}.{number // 250}.{number % 250 + 1}"


def main() -> None:
    plan = read(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(written(Rush(plan).run()))


if __name__ == "__main__":
    main()
