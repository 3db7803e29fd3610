"""Cases of reliability for all organisations of a kind: as a job kept them, or counted now where that is quick."""

from time import monotonic

from django.db.models import QuerySet

from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.monitoring.calculations.reliability import Part
from thucthi.monitoring.models import KeptCases
from thucthi.monitoring.selectors.oddities import in_pieces
from thucthi.monitoring.selectors.reliability_counts import Counted, counted_cases
from thucthi.monitoring.selectors.scopes import WHOEVER_WORKS, Scope
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks

BODIES_AT_ONCE = 2_000
# What a reader can wait for is counted for each of them: it is of this minute.
QUICK_SECONDS = 0.5


def open_to_all() -> QuerySet[Task]:
    """Everybody sees the same score: it is made of what everybody who works may see."""
    return visible_tasks(WHOEVER_WORKS).order_by()


def cases_of(scope: Scope) -> Answer[list[Counted]]:
    """Of all peers of the scope; `found_at` says of which moment."""
    rows = KeptCases.objects.filter(count__kind=scope.kind, count__year=scope.year).order_by()
    kept = list(rows.values_list("organisation_id", "part", "good", "counted", "count__counted_at"))
    if kept:
        counted_at = kept[0][-1]
        return Answer([(body, Part(part), good, n) for body, part, good, n, _of in kept], found_at=counted_at)
    asked = ("reliability", tuple(sorted(scope.peers)), scope.year, scope.as_of)
    return ANSWERS.answer(asked, lambda: counted_in_pieces(scope))


def cases_worth_keeping(scope: Scope) -> list[Counted]:
    begun = monotonic()
    found = counted_in_pieces(scope)
    return found if monotonic() - begun > QUICK_SECONDS else []


def counted_in_pieces(scope: Scope) -> list[Counted]:
    """No statement may take as long as all departments of a country."""
    pieces = in_pieces(sorted(scope.peers), BODIES_AT_ONCE)
    return [row for some in pieces for row in counted_cases(some, scope.year, scope.as_of, open_to_all())]
