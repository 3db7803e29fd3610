"""Reads access_table.csv: what each page must answer to each actor. Knows nothing of the application."""

import csv
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("access_table.csv")
SHUT = frozenset({"sign-in", "forbidden", "hidden", "not-so"})
WORDS = SHUT | {"open", "faulty", "stale", "done", "kept", "too-many"}
# What a word of the table allows; `theirs` is judged by the sign-in library's own tests, only a crash is wrong.
MEANING = {word: frozenset({word}) for word in WORDS} | {
    "shut": SHUT,
    "theirs": WORDS | {"bad-request"},
}


@dataclass(frozen=True)
class Line:
    """One line of the table; empty patterns do not occur."""

    number: int
    pages: tuple[str, ...]
    methods: tuple[str, ...]
    roles: tuple[str, ...]
    relations: tuple[str, ...]
    allowed: frozenset[str]

    def speaks_of(self, page: str) -> bool:
        return any(fnmatchcase(page, pattern) for pattern in self.pages)

    def fits(self, method: str, role: str, relation: str) -> bool:
        asked = ((self.methods, method), (self.roles, role), (self.relations, relation))
        return all(any(fnmatchcase(value, pattern) for pattern in patterns) for patterns, value in asked)


@cache
def lines() -> tuple[Line, ...]:
    read = []
    with TABLE.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            if row["page"].startswith("#"):
                continue
            allowed = {meant for word in row["expected"].split("|") for meant in MEANING[word]}
            pages, methods, roles, relations = (
                tuple(row[name].split("|")) for name in ("page", "methods", "roles", "relations")
            )
            read.append(Line(number, pages, methods, roles, relations, frozenset(allowed)))
    return tuple(read)


@cache
def lines_about(page: str) -> tuple[Line, ...]:
    return tuple(line for line in lines() if line.speaks_of(page))


def line_for(page: str, method: str, role: str, relation: str) -> Line | None:
    """The first line that fits, None when the table is silent."""
    return next((line for line in lines_about(page) if line.fits(method, role, relation)), None)
