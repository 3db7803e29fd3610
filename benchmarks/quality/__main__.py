"""Prints how well the reader reads: `python -m benchmarks.quality GOLD [CORPUS]`."""

from pathlib import Path

import click

from benchmarks.quality import (
    citations,
    clarity,
    copies,
    deadlines,
    headers,
    outlines,
    prose_tasks,
    successions,
    table_headings,
    table_tasks,
    targets,
)
from benchmarks.quality.scores import Score

ELEMENTS = (citations, deadlines, targets, table_headings, table_tasks, prose_tasks, clarity, copies)
ON_WHOLE_TEXTS = (outlines, successions)


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("corpus", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(gold: Path, corpus: Path | None) -> None:
    scores = headers.score(gold, corpus)
    scores += [score for element in ELEMENTS for score in element.score(gold)]
    if corpus:
        scores += [score for element in ON_WHOLE_TEXTS for score in element.score(gold, corpus)]
    _print(scores)


def _print(scores: list[Score]) -> None:
    click.echo("| phần | thước đo | đã chỉnh theo | để riêng |\n|---|---|---|---|")
    for element, measure in dict.fromkeys((score.element, score.measure) for score in scores):
        cells = [_cell(scores, element, measure, is_held_out) for is_held_out in (False, True)]
        click.echo(f"| {element} | {measure} | {' | '.join(cells)} |")


def _cell(scores: list[Score], element: str, measure: str, is_held_out: bool) -> str:
    chosen = [score for score in scores if (score.element, score.measure) == (element, measure)]
    chosen = [score for score in chosen if score.is_held_out is is_held_out]
    right, all_ = sum(score.right for score in chosen), sum(score.all_ for score in chosen)
    return f"{right / all_:.3f} ({right}/{all_})" if all_ else "–"


if __name__ == "__main__":
    main()
