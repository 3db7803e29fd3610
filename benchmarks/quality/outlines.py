"""How often a clause is the next after its sibling, over whole texts: a check that needs no labels."""

from pathlib import Path

from benchmarks.quality.scores import Score, is_held_out
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.outline import numbering_faults, read_outline
from thucthi.intake.reading.outline.numbering import counted_siblings
from thucthi.intake.reading.source import SourceBuilder

# Texts given with the labels of heads are outlines too; short, but of many provinces and types.
_HEADS = "headers_B.tsv"


def score(gold: Path, corpus: Path | None = None) -> list[Score]:
    counted = [(name, *_counts(text)) for name, text in _texts(gold)]
    for path in sorted(corpus.glob("*.txt")) if corpus else ():
        outline = read_outline(extract(path))
        counted.append((path.stem, counted_siblings(outline), len(numbering_faults(outline))))
    return [
        Score(
            "outlines",
            "siblings in order",
            sum(pairs - faults for name, pairs, faults in counted if is_held_out(name) is held),
            sum(pairs for name, pairs, _ in counted if is_held_out(name) is held),
            held,
        )
        for held in (False, True)
    ]


def _texts(gold: Path) -> list[tuple[str, str]]:
    rows = [line.split("\t") for line in (gold / _HEADS).read_text("utf-8").splitlines()[1:]]
    return [(row[0], row[-1].replace("\\n", "\n")) for row in rows]


def _counts(text: str) -> tuple[int, int]:
    builder = SourceBuilder()
    builder.add_line(text.replace("**", ""))
    outline = read_outline(builder.finish())
    return counted_siblings(outline), len(numbering_faults(outline))
