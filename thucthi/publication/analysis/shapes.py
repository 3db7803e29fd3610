"""What the expressions read, and what they answer with. Every result is made of texts and whole numbers."""

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

# Tasks that were never issued or were taken back say nothing about how tasks end.
NOT_COUNTABLE = ("draft", "cancelled", "superseded")
TABLES = ("tasks", "reports", "task_changes", "organisations")

Row = tuple[str | int | None, ...]
# Computes an expression that several others begin with once, and answers with what was computed.
Keep = Callable[[ir.Table], ir.Table]


@dataclass(frozen=True, slots=True)
class Opened:
    """The tables of one issue as the open data describes them (docs/open-data.md), open in one engine."""

    tasks: ir.Table
    reports: ir.Table
    task_changes: ir.Table
    organisations: ir.Table
    keep: Keep


@dataclass(frozen=True, slots=True)
class Answer:
    """A result: `texts` are the columns of words, `counts` those of whole numbers (an empty one: not known).

    The columns `key` tell its rows apart and give their order.
    """

    name: str
    key: tuple[str, ...]
    texts: tuple[str, ...]
    counts: tuple[str, ...]
    expression: Callable[[Opened], ir.Table]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.texts + self.counts


def per_mille(cases: ir.Value, of: ir.Value) -> ir.Value:
    """Rounded down, so that no engine rounds its own way; unknown where there is nothing to divide by."""
    return (cases * 1000) // of.nullif(0)


def per_million(cases: ir.Value, of: ir.Value) -> ir.Value:
    return (cases * 1_000_000) // of.nullif(0)
