"""Finding documents, tasks and organisations by a few words."""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Model, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.kernel.vietnamese_text import fold
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.finding import tasks_holding, tasks_near

SHOWN_PER_KIND = 20
# Below this share of common three-letter pieces a near miss is no longer recognisable as one.
NEAR_ENOUGH = 0.6
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class SearchResults:
    """What was found for `asked`, at most `SHOWN_PER_KIND` of each kind; counts are of all that matched."""

    asked: str
    organisations: tuple[Organisation, ...]
    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]

    @property
    def total(self) -> int:
        return len(self.organisations) + len(self.documents) + len(self.tasks)


def search(viewer: Viewer, text: str) -> SearchResults:
    """Find by words with or without accents; a near miss is found when nothing matches to the letter."""
    asked = fold(text)
    if not asked:
        return SearchResults(text, (), (), ())
    return SearchResults(
        asked=text,
        organisations=_matching(Organisation.objects.order_by("valid_to", "sort_key"), asked),
        documents=_matching(visible_documents(viewer).order_by("-issued_on"), asked),
        tasks=tuple(
            tasks_holding(viewer, asked.split(), SHOWN_PER_KIND)
            or tasks_near(viewer, asked, SHOWN_PER_KIND, NEAR_ENOUGH)
        ),
    )


def _matching(rows: QuerySet[Found], asked: str) -> tuple[Found, ...]:
    every_word = rows
    for word in asked.split():
        every_word = every_word.filter(search_text__contains=word)
    if found := tuple(every_word[:SHOWN_PER_KIND]):
        return found
    # The operator knows 0.6 by itself, and finds its rows through an index.
    likely = rows.filter(search_text__trigram_word_similar=asked)
    near = likely.annotate(nearness=TrigramWordSimilarity(asked, "search_text")).filter(nearness__gte=NEAR_ENOUGH)
    return tuple(near.order_by("-nearness", "pk")[:SHOWN_PER_KIND])
