"""Questions about the figures of organisations, as a viewer may see them: found anew for every page, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators.models import Indicator
from thucthi.kernel.answers import ANSWERS, Answer
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.periods import span_of
from thucthi.monitoring import access
from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.catalogue import WORDS, CheckInWords
from thucthi.monitoring.calculations.honesty.facts_of_tasks import questions_of_reports
from thucthi.monitoring.calculations.honesty.facts_of_values import (
    questions_of_families,
    questions_of_targets,
    questions_of_values,
)
from thucthi.monitoring.calculations.honesty.shapes import Matter, Place, Question, Trace
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors import stated_facts
from thucthi.monitoring.selectors.oddities import asked_by_comparison, oddities_among, with_rows
from thucthi.monitoring.selectors.scopes import Scope, scope_for
from thucthi.programmes.models import Task
from thucthi.reporting.selectors import visible_reports

STANDARD_KIND = "province"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words, with the answer if somebody gave one."""

    question: Question
    words: CheckInWords
    verdict: SignalVerdict | None

    @property
    def title(self) -> str:
        return _(self.words.title)

    @property
    def sentence(self) -> str:
        return _(self.words.sentence) % self.question.numbers

    @property
    def also(self) -> str:
        return _(self.words.also)

    @property
    def about(self) -> str:
        """What it is about, in words where it is not a code."""
        return {Matter.TASKS.value: _("Các nhiệm vụ"), Matter.INDICATORS.value: _("Các chỉ tiêu")}.get(
            self.question.subject, self.question.subject
        )

    @property
    def period_words(self) -> str:
        return period_in_words(self.question.period)


@dataclass(frozen=True, slots=True)
class AskedOfOne:
    """One organisation with everything it is asked; `lone` oddities of statistics stand alone and are not asked."""

    organisation: Organisation
    asked: tuple[Asked, ...]
    lone: int

    @property
    def answered(self) -> int:
        return sum(row.verdict is not None for row in self.asked)


@dataclass(frozen=True, slots=True)
class Board:
    """The questions about all organisations of one kind in one year that the viewer may see.

    `expected`: how many of those looked at would be shown by statistics although honest; `silent`: checks switched off.
    """

    kind: str
    year: int
    rows: tuple[AskedOfOne, ...]
    quiet: int
    expected: honesty.Expected
    silent: tuple[CheckInWords, ...]
    measured_on: date
    counted_at: datetime

    @property
    def total(self) -> int:
        return sum(len(row.asked) for row in self.rows)


def period_in_words(key: str) -> str:
    span = span_of(key)
    return span.label_en if get_language() == "en" else span.label_vi


def board(viewer: Viewer, kind: str, year: int, today: date) -> Board:
    """Everything asked of the organisations of `kind` about `year`; most questions first."""
    scope = scope_for(viewer, kind, year, today)
    given = verdicts()
    off = honesty.silent(confirmed_shares(given))
    facts, oddities = _facts_kept(viewer, scope), oddities_among(scope)
    compared, lone = asked_by_comparison(oddities, scope, scope.seen, off)
    asked = [row for row in _without_rows(facts) if row.check not in off]
    rows = _in_words(scope, scope.seen, [*asked, *compared], lone, given)
    shown = sorted((row for row in rows if row.asked), key=lambda row: (-len(row.asked), row.organisation.sort_key))
    rates = honesty.rates_for(len(scope.peers))
    return Board(
        kind=kind,
        year=year,
        rows=tuple(shown),
        quiet=len(rows) - len(shown),
        expected=honesty.expected_false(len(scope.seen), rates.by_check[honesty.SHOWN]),
        silent=tuple(WORDS[check] for check in sorted(off) if check in WORDS),
        measured_on=rates.measured_on,
        counted_at=min(facts.found_at, oddities.counted_at),
    )


def organisation_seen(viewer: Viewer, code: str) -> Organisation:
    """Raises NotVisible for an unknown organisation and for one whose questions the viewer may not see."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None or not access.can_see_signals_of(viewer, organisation.path):
        raise NotVisible(_("Không có cơ quan này, hoặc ông/bà không thuộc phạm vi được xem."))
    return organisation


def asked_of(viewer: Viewer, organisation: Organisation, year: int, today: date) -> AskedOfOne:
    """Everything asked of one organisation about `year`, with its rows; its peers are all of its kind."""
    scope = scope_for(viewer, organisation.kind, year, today)
    scope = replace(scope, peers={**scope.peers, organisation.pk: organisation})
    given = verdicts()
    off = honesty.silent(confirmed_shares(given))
    wanted = frozenset({organisation.pk})
    facts = [row for row in _facts(viewer, [organisation.pk], year) if row.check not in off]
    compared, lone = asked_by_comparison(oddities_among(scope), scope, wanted, off)
    (found,) = _in_words(scope, wanted, [*facts, *with_rows(compared, scope)], lone, given)
    return found


def one_asked(found: AskedOfOne, check: str, period: str, subject: str) -> Asked | None:
    """The question under that key, None when it is not asked (any more)."""
    key = (check, found.organisation.pk, period, subject)
    return next((row for row in found.asked if row.question.key == key), None)


def verdicts() -> list[SignalVerdict]:
    """Every answer ever given: what people found judges the checks."""
    return list(SignalVerdict.objects.select_related("by").order_by("pk"))


def confirmed_shares(given: Iterable[SignalVerdict]) -> dict[str, honesty.Confirmed]:
    """By check, what people found when they were asked."""
    return honesty.confirmed_shares((row.check_code, row.finding == SignalVerdict.Finding.CONFIRMED) for row in given)


def _in_words(
    scope: Scope,
    wanted: Collection[int],
    found: Iterable[Question],
    lone: Mapping[int, int],
    given: Iterable[SignalVerdict],
) -> list[AskedOfOne]:
    bodies = sorted(wanted, key=lambda pk: scope.peers[pk].sort_key)
    questions: dict[int, list[Question]] = {pk: [] for pk in bodies}
    for question in found:
        questions[question.organisation_id].append(question)
    answers = {(row.check_code, row.organisation_id, row.period, row.subject): row for row in given}
    return [
        AskedOfOne(
            scope.peers[pk],
            tuple(Asked(row, WORDS[row.check], answers.get(row.key)) for row in questions[pk]),
            lone.get(pk, 0),
        )
        for pk in bodies
    ]


def _facts_kept(viewer: Viewer, scope: Scope) -> Answer[list[Any]]:
    """The keys of the questions of fact about everybody seen; whoever has the same rights sees the same reports."""
    bodies = tuple(sorted(scope.seen))
    rights = frozenset((grant.organisation_id, grant.role, grant.acting_for or 0) for grant in viewer.grants)
    asked = ("questions", bodies, scope.year, scope.as_of, viewer.is_system, rights, frozenset(viewer.units))
    return ANSWERS.answer(asked, lambda: [row.key for row in _facts(viewer, list(bodies), scope.year)])


def _without_rows(facts: Answer[list[Any]]) -> list[Question]:
    return [Question(check, body, period, subject, ()) for check, body, period, subject in facts.value]


def _facts(viewer: Viewer, bodies: Sequence[int], year: int) -> list[Question]:
    values = stated_facts.known_values(bodies, year)
    issues = stated_facts.published_issues() if any(row.corrects for row in values) else []
    return [
        *questions_of_reports(stated_facts.stated_reports(visible_reports(viewer), bodies, year, with_measured=True)),
        *questions_of_values(values, issues),
        *questions_of_targets(stated_facts.eased_targets(bodies, year)),
        *questions_of_families(stated_facts.families(bodies, year)),
    ]


def names_of(rows: Iterable[Trace]) -> dict[tuple[Place, str], str]:
    """What the codes in `rows` stand for: the words of tasks and the names of indicators."""
    tasks = {row.what for row in rows if row.place in {Place.REPORT, Place.TASK}}
    indicators = {row.what for row in rows if row.place is Place.INDICATOR}
    said = Task.objects.filter(code__in=tasks).values_list("code", "text")
    named = Indicator.objects.filter(code__in=indicators).values_list("code", "name", "name_en")
    english = get_language() == "en"
    found = {(Place.TASK, code): text for code, text in said}
    return found | {(Place.INDICATOR, code): (en if english and en else vi) for code, vi, en in named}
