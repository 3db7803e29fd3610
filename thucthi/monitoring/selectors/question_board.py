"""How many questions organisations of one kind are asked about one year, as counted last and as a viewer may see."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.catalogue import CATALOGUE, WORDS, CheckInWords
from thucthi.monitoring.models import KeptQuestion, QuestionCount, SignalVerdict
from thucthi.monitoring.selectors.oddities import asked_by_comparison, kept_oddities
from thucthi.monitoring.selectors.questions import confirmed_shares, verdicts
from thucthi.monitoring.selectors.scopes import Scope, scope_for
from thucthi.programmes.models import Programme
from thucthi.programmes.selectors.visibility import is_seen, one_of

# The check, the organisation, the period and what it is about: as in `Question.key`.
Key = tuple[str, int, str, str]
KEY = ("check_code", "organisation_id", "period", "subject")


@dataclass(frozen=True, slots=True)
class ChecksAsked:
    """One check with how many questions it asks an organisation."""

    words: CheckInWords
    count: int

    @property
    def title(self) -> str:
        return _(self.words.title)


@dataclass(frozen=True, slots=True)
class BodyAsked:
    """One organisation with how much it is asked; `lone` oddities of statistics stand alone and are not asked."""

    organisation: Organisation
    checks: tuple[ChecksAsked, ...]
    answered: int
    lone: int

    @property
    def count(self) -> int:
        return sum(row.count for row in self.checks)


@dataclass(frozen=True, slots=True)
class Board:
    """The questions about all organisations of one kind in one year that the viewer may see.

    `expected`: how many of those looked at would be shown by statistics although honest; `silent`: checks switched off.
    `counted_at` None: nobody has counted yet, and `rows` say nothing; `quiet`: how many are asked nothing.
    """

    kind: str
    year: int
    rows: tuple[BodyAsked, ...]
    quiet: int
    expected: honesty.Expected
    silent: tuple[CheckInWords, ...]
    measured_on: date
    counted_at: datetime | None

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)


def board(viewer: Viewer, kind: str, year: int, today: date) -> Board:
    """Everything asked of the organisations of `kind` about `year`; most questions first."""
    scope, given = scope_for(viewer, kind, year, today), verdicts()
    off = honesty.silent(confirmed_shares(given))
    count = QuestionCount.objects.filter(kind=kind, year=year).first()
    rows = _bodies(viewer, scope, count, given, off) if count else []
    shown = sorted((row for row in rows if row.checks), key=lambda row: (-row.count, row.organisation.sort_key))
    rates = honesty.rates_for(len(scope.peers))
    return Board(
        kind=kind,
        year=year,
        rows=tuple(shown),
        quiet=len(rows) - len(shown),
        expected=honesty.expected_false(len(scope.seen), rates.by_check[honesty.SHOWN]),
        silent=tuple(WORDS[check] for check in sorted(off) if check in WORDS),
        measured_on=rates.measured_on,
        counted_at=count.counted_at if count else None,
    )


def _bodies(
    viewer: Viewer, scope: Scope, count: QuestionCount, given: Sequence[SignalVerdict], off: Collection[str]
) -> list[BodyAsked]:
    told = _told(viewer, scope, count).exclude(check_code__in=off)
    together = told.filter(shared=0)
    asked = Counter[tuple[int, str]]()
    for body, check, number in together.values_list("organisation_id", "check_code").annotate(number=Count("pk")):
        asked[body, check] = number
    compared, lone = asked_by_comparison(kept_oddities(scope.kind, scope.year), scope, scope.seen, off)
    added = _shared_keys(told, together) | {question.key for question in compared}
    asked += Counter((body, check) for check, body, _, _ in added)
    answered = Counter(body for _, body, _, _ in _keys_of(given) & (added | _kept_keys(together, _keys_of(given))))
    return [
        BodyAsked(
            scope.peers[body],
            tuple(ChecksAsked(row, asked[body, row.code]) for row in CATALOGUE if asked[body, row.code]),
            answered[body],
            lone.get(body, 0),
        )
        for body in scope.seen
    ]


def _told(viewer: Viewer, scope: Scope, count: QuestionCount) -> QuerySet[KeptQuestion]:
    """Nothing that rests on a programme which the viewer may not see, closed since the count or before."""
    rows = KeptQuestion.objects.filter(one_of("organisation_id", sorted(scope.seen)), count=count)
    if viewer.is_system:
        return rows
    hidden = Programme.objects.filter(is_open=False).exclude(is_seen(viewer)).values_list("pk", flat=True)
    return rows.exclude(programmes__overlap=list(hidden))


def _shared_keys(told: QuerySet[KeptQuestion], together: QuerySet[KeptQuestion]) -> set[Key]:
    """Questions about shared files and texts that some see and others do not; not those which all see anyway."""
    groups: dict[tuple[int, int], list[Any]] = {}
    for row in told.filter(shared__gt=0):
        groups.setdefault((row.organisation_id, row.shared), []).append(row)
    keys = set()
    for rows in groups.values():
        latest = max(rows, key=lambda row: (row.told_on, row.report_id))
        if len({(row.subject, row.period) for row in rows}) > 1:
            keys.add((latest.check_code, latest.organisation_id, latest.period, latest.subject))
    return keys - _kept_keys(together, keys)


def _kept_keys(together: QuerySet[KeptQuestion], wanted: Collection[Key]) -> set[Key]:
    """Which of these are kept."""
    if not wanted:
        return set()
    _checks, bodies, _periods, subjects = zip(*wanted, strict=True)
    found = together.filter(organisation_id__in=set(bodies), subject__in=set(subjects))
    return set(found.values_list(*KEY)) & set(wanted)


def _keys_of(given: Iterable[SignalVerdict]) -> set[Key]:
    return {(row.check_code, row.organisation_id, row.period, row.subject) for row in given}
