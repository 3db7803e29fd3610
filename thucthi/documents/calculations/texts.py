"""Texts and the places in them."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class NewClause:
    """A place in the text: `text[start:end]`, offsets in letters."""

    path: str
    start: int
    end: int


def paragraphs_of(typed: str) -> list[tuple[str, str]]:
    """One (path, words) per line of what was typed as `II.1: words`; path is "" for a line without one."""
    paragraphs = []
    for line in typed.splitlines():
        path, colon, words = line.partition(":")
        is_clause = bool(colon and words.strip()) and " " not in path.strip() and len(path.strip()) <= 60
        paragraphs.append((path.strip(), words.strip()) if is_clause else ("", line.strip()))
    return [(path, words) for path, words in paragraphs if words]


def compose_text(paragraphs: Iterable[tuple[str, str]]) -> tuple[str, tuple[NewClause, ...]]:
    """Put (path, words) one under the other; returns the text and where each clause lies in it."""
    lines: list[str] = []
    clauses: list[NewClause] = []
    offset = 0
    for path, words in paragraphs:
        if path:
            clauses.append(NewClause(path, offset, offset + len(words)))
        lines.append(words)
        offset += len(words) + 1
    return "\n".join(lines), tuple(clauses)
