"""Answers about the whole country that took long, for a few minutes, each with the moment at which it was found."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Generic, TypeVar

from django.utils import timezone

Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """`found_at`: the moment it is of. `kept_since`: the same, where it is older than this request; else None."""

    value: Found
    kept_since: datetime | None = None
    found_at: datetime = field(default_factory=timezone.now, compare=False)


class _Place:
    """Of one question: whoever asks while another is finding the answer gets the one before, and without one waits."""

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
        if not place.lock.acquire(blocking=place.found_at is None):
            return _kept_in(place)
        try:
            return _kept_in(place) if time.monotonic() < place.until else self._found(place, find)
        finally:
            place.lock.release()

    def _found(self, place: _Place, find: Callable[[], Found]) -> Answer[Found]:
        found_at, began = timezone.now(), time.monotonic()
        found = find()
        if time.monotonic() - began >= self._slow:
            place.value, place.found_at, place.until = found, found_at, time.monotonic() + self._seconds
        return Answer(found, found_at=found_at)

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


def _kept_in(place: _Place) -> Answer[Any]:
    return Answer(place.value, place.found_at, place.found_at or timezone.now())


ANSWERS = Answers()
