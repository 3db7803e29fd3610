"""Answers that take long to count, kept for some minutes in files that every process of this machine reads.

A page that shows one says from which moment it is. What is counted quickly is counted anew each time, so only a house
with a country's data ever sees an answer of some minutes ago. The name of a file is a keyed hash of what was asked;
whatever decides who may see the answer belongs to the key. Several machines count each for itself.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

WORTH_KEEPING = 0.1
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What JSON holds of an answer, and the moment at which it was counted."""

    answer: Any
    made_at: datetime

    @property
    def is_fresh(self) -> bool:
        return timezone.now() - self.made_at < timedelta(seconds=settings.KEPT_SECONDS)


def kept(name: str, key: Sequence[Any], make: Callable[[], Any]) -> Kept:
    """The answer under `key`, at most KEPT_SECONDS old; `make` gives what JSON can hold, and asks nothing kept itself.

    One process counts at a time; whoever comes meanwhile gets the answer before, and without one waits.
    """
    if not settings.KEPT_SECONDS:
        return Kept(make(), timezone.now())
    path = _path_of(name, key)
    found = _read(path)
    if found is not None and found.is_fresh:
        return found
    with _alone(path, waiting=found is None) as is_alone:
        latest = _read(path)
        if latest is not None and (latest.is_fresh or not is_alone):
            return latest
        return _counted(path, make)


def _counted(path: Path, make: Callable[[], Any]) -> Kept:
    began, at = time.monotonic(), timezone.now()
    answer = make()
    if time.monotonic() - began >= WORTH_KEEPING:
        # A full disk must not take away the page: the next one counts again.
        with suppress(OSError):
            _write(path, answer, at)
    return Kept(answer, at)


def _path_of(name: str, key: Sequence[Any]) -> Path:
    asked = json.dumps([settings.DATABASES["default"]["NAME"], name, *key], default=str)
    secret = settings.SECRET_KEY.encode()[:64]
    return Path(settings.KEPT_ROOT) / blake2b(asked.encode(), digest_size=20, key=secret).hexdigest()


def _read(path: Path) -> Kept | None:
    try:
        said = json.loads(path.read_bytes())
        found = Kept(said["answer"], datetime.fromtimestamp(said["made_at"], tz=UTC))
    except (OSError, ValueError, KeyError):
        return None
    return found if timezone.now() - found.made_at < FORGOTTEN_AFTER else None


def _write(path: Path, answer: Any, at: datetime) -> None:
    _forget(path.parent)
    part = path.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        json.dump({"made_at": at.timestamp(), "answer": answer}, file)
    part.replace(path)


def _forget(folder: Path) -> None:
    oldest = time.time() - FORGOTTEN_AFTER.total_seconds()
    for path in folder.iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


@contextmanager
def _alone(path: Path, *, waiting: bool) -> Iterator[bool]:
    """Whether nobody else counts this; a disk that cannot be written is nobody's."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield True
        return
    try:
        yield _held(lock, waiting=waiting)
    finally:
        os.close(lock)


def _held(lock: int, *, waiting: bool) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
