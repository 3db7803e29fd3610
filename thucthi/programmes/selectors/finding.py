"""Finding tasks by their words, and programmes by the words of their tasks, in a country of a million (ADR 0052).

Tasks of programmes that everybody sees are found by `TaskWords`, through an index; those of the few that only some see
are looked through one by one, as the policies require.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.models import Programme, Task, TaskWords
from thucthi.programmes.selectors.visibility import NOTHING, is_seen, one_of, told_of_sight, visible_programmes


def tasks_holding(viewer: Viewer, words: Sequence[str], most: int) -> list[Task]:
    """Visible tasks that hold every one of the folded `words`, by code, with their leads."""
    holds = _holds(words)
    found = [rows.filter(holds).order_by("code").values_list("pk", flat=True)[:most] for rows in _places(viewer)]
    tasks = Task.objects.filter(one_of("pk", [pk for ids in found for pk in ids]))
    return list(tasks.select_related("lead").order_by("code")[:most]) if any(found) else []


def tasks_near(viewer: Viewer, asked: str, most: int, near_enough: float) -> list[Task]:
    """Visible tasks with wording like the folded `asked`, the nearest first. `near_enough`: at least 0.6."""
    found: list[tuple[int, float]] = []
    for rows in _places(viewer):
        # The operator knows its own 0.6, and an index; what is asked for stands beside it.
        near = rows.filter(search_text__trigram_word_similar=asked).annotate(
            nearness=TrigramWordSimilarity(asked, "search_text")
        )
        best = near.filter(nearness__gte=near_enough).order_by("-nearness", "pk")
        found += best.values_list("pk", "nearness")[:most]
    chosen = [pk for pk, _ in sorted(found, key=lambda row: (-row[1], row[0]))[:most]]
    tasks = Task.objects.select_related("lead").in_bulk(chosen) if chosen else {}
    return [tasks[pk] for pk in chosen if pk in tasks]


def search_programmes(viewer: Viewer, text: str) -> QuerySet[Programme]:
    """Visible programmes with a task, a code or a title holding every word, with or without accents."""
    found = visible_programmes(viewer).select_related("organisation")
    words = fold(text).split()
    if not words:
        return found
    return found.filter(one_of("pk", _with_such_a_task(viewer, words) | _called(viewer, words)))


def _with_such_a_task(viewer: Viewer, words: Sequence[str]) -> set[int]:
    holds = _holds(words)
    said = TaskWords.objects.filter(holds, programme=OuterRef("pk"))
    closed = Task.objects.filter(one_of("programme_id", _closed(viewer)), holds).order_by().values_list("programme_id")
    return {
        *visible_programmes(viewer).filter(Exists(said), is_open=True).order_by().values_list("pk", flat=True),
        *(pk for (pk,) in closed.distinct()),
    }


def _called(viewer: Viewer, words: Sequence[str]) -> set[int]:
    names = visible_programmes(viewer).order_by().values_list("pk", "code", "title", "organisation__official_name")
    folded = ((pk, fold(" ".join(said))) for pk, *said in names)
    return {pk for pk, said in folded if all(word in said for word in words)}


def _holds(words: Sequence[str]) -> Q:
    holds = Q()
    for word in words:
        holds &= Q(search_text__contains=word)
    return holds


def _places(viewer: Viewer) -> list[QuerySet[Any]]:
    """Where the words of visible tasks stand."""
    sees, _bodies = told_of_sight(viewer)
    if sees == NOTHING:
        return []
    closed = _closed(viewer)
    return [TaskWords.objects.all(), *([Task.objects.filter(one_of("programme_id", closed))] if closed else [])]


def _closed(viewer: Viewer) -> list[int]:
    """Programmes the viewer sees and not everybody: drafts, and those on documents that are not public."""
    return list(Programme.objects.filter(is_seen(viewer), is_open=False).order_by("pk").values_list("pk", flat=True))
