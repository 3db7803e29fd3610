"""Bodies that can answer for something, as a directory or a list of rules gives them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class KnownSuccession:
    """What became of a body: `kind` is rename, merge, split, dissolve or move; `source` the legal text."""

    kind: str
    effective_on: date
    successors: tuple[str, ...]
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body under the name of its time. `code` is that of the directory, when it comes from there."""

    name: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    succession: KnownSuccession | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class NamedBody:
    """A body as a text names it, text[start:end] of what was searched.

    `known` is None for one that no list holds; `is_collective` for "các bộ, ngành, địa phương" and the like.
    """

    name: str
    start: int
    end: int
    known: KnownBody | None = None
    is_collective: bool = False
