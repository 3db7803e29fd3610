"""How often the documents cited in a line are found with number, type, issuer and date."""

import csv
from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out, precision_and_recall
from thucthi.intake.reading.header.citations import Citation, find_citations
from thucthi.intake.reading.header.issuers import issuer_named
from thucthi.kernel.vietnamese_text import fold

_FILE = "refs_A.tsv"
_FIELDS = ("number", "type", "issuer", "date")


def score(gold: Path) -> list[Score]:
    with (gold / _FILE).open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["text"], _labelled(row)) for row in csv.DictReader(file, delimiter="\t")]
    scores: list[Score] = []
    for held in (False, True):
        chosen = [(find_citations(text), labels) for id_, text, labels in rows if is_held_out(id_) is held]
        counts = [(_right(found, labels), len(found), len(labels)) for found, labels in chosen]
        scores += precision_and_recall("citations, number", counts, is_held_out=held)
        pairs = [pair for found, labels in chosen for pair in _pairs(found, labels)]
        scores.append(Score("citations", "all fields", sum(a == b for a, b in pairs), len(pairs), held))
    return scores


def compared(citation: Citation) -> tuple[str, ...]:
    """Number, type, issuer and date of a citation in the spelling of the labels, case apart."""
    day = citation.issued_on.isoformat() if citation.issued_on else ""
    return citation.number, fold(citation.type or ""), fold(citation.issuer or ""), day


def _labelled(row: dict[str, str]) -> list[tuple[str, ...]]:
    expected = next(value for key, value in row.items() if key.startswith("expected")) or ""
    labels = [part.split("|") for part in expected.split(";") if part]
    return [(number, fold(type_), fold(issuer_named(body)), day) for number, type_, body, day in labels]


def _right(found: tuple[Citation, ...], labels: list[tuple[str, ...]]) -> int:
    wanted = [label[0] for label in labels]
    return sum(each.number in wanted for each in found)


def _pairs(
    found: tuple[Citation, ...], labels: list[tuple[str, ...]]
) -> list[tuple[tuple[str, ...] | None, tuple[str, ...]]]:
    by_number = {each.number: compared(each) for each in found}
    return [(by_number.get(label[0]), label) for label in labels]
