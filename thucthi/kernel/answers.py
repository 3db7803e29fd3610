"""Answers about the whole country that took long, for a few minutes, each with the moment at which it was found."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar, cast

from django.utils import timezone

Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """`kept_since`: when an answer was found that is older than this request; None: found for it."""

    value: Found
    kept_since: datetime | None = None


class _Place:
    """Of one question: whoever asks while another is finding the answer waits for it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.value: Any = None
        self.found_at: datetime | None = None
        self.until = 0.0


class Answers:
    """In the memory of one process: what took less than `slow` seconds to find is found anew every time.

    The question must name everything its answer depends on, above all who may see what; at most `most` are kept.
    """

    def __init__(self, *, slow: float = 0.2, seconds: float = 180, most: int = 100) -> None:
        self._slow, self._seconds, self._most = slow, seconds, most
        self._lock = Lock()
        self._places: dict[Hashable, _Place] = {}

    def answer(self, question: Hashable, find: Callable[[], Found]) -> Answer[Found]:
        """What is kept, else what `find` gives; what `find` raises is kept by nobody."""
        place = self._place(question)
        with place.lock:
            if time.monotonic() < place.until:
                return Answer(cast("Found", place.value), place.found_at)
            found_at, began = timezone.now(), time.monotonic()
            found = find()
            if time.monotonic() - began >= self._slow:
                place.value, place.found_at, place.until = found, found_at, time.monotonic() + self._seconds
            return Answer(found)

    def forget(self) -> None:
        with self._lock:
            self._places.clear()

    def _place(self, question: Hashable) -> _Place:
        with self._lock:
            place = self._places.pop(question, None) or _Place()
            while len(self._places) >= self._most:
                self._places.pop(next(iter(self._places)))
            self._places[question] = place
            return place


ANSWERS = Answers()
