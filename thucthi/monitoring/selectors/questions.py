"""Questions about the figures of organisations, as a viewer may see them: found anew for every page, never stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Grant, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.models import Indicator
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
from thucthi.monitoring.calculations.honesty.shapes import Matter, Panel, Place, Question, Tested, Trace, Unit
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors import peer_panels, stated_facts
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Report
from thucthi.reporting.selectors import visible_reports

STANDARD_KIND = "province"
WHOEVER_WORKS = Viewer(account_id=None, label="", grants=(Grant(0, Role.REPORTER),))
IN_PER_CENT = frozenset(honesty.CHECKS_BY_PEERS) - {"too_smooth", "above_measured"}


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

    @property
    def total(self) -> int:
        return sum(len(row.asked) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Scope:
    """Peers of one kind in one year as known on `as_of`; of `peers` the viewer may see the questions about `seen`."""

    kind: str
    year: int
    as_of: date
    peers: dict[int, Organisation]
    seen: frozenset[int]


def period_in_words(key: str) -> str:
    span = span_of(key)
    return span.label_en if get_language() == "en" else span.label_vi


def scope_for(viewer: Viewer, kind: str, year: int, today: date) -> Scope:
    """The organisations of `kind` that lived at the end of `year` (of today in a running year)."""
    living = Organisation.objects.filter(kind=kind).live(min(stated_facts.first_and_last(year)[1], today))
    peers = {row.pk: row for row in living.order_by("sort_key")}
    seen = frozenset(pk for pk, row in peers.items() if access.can_see_signals_of(viewer, row.path))
    return Scope(kind, year, today, peers, seen)


def board(viewer: Viewer, kind: str, year: int, today: date) -> Board:
    """Everything asked of the organisations of `kind` about `year`; most questions first."""
    scope = scope_for(viewer, kind, year, today)
    given = verdicts()
    shares = confirmed_shares(given)
    rows = _asked_within(viewer, scope, scope.seen, given)
    shown = sorted((row for row in rows if row.asked), key=lambda row: (-len(row.asked), row.organisation.sort_key))
    rates = honesty.rates_for(len(scope.peers))
    return Board(
        kind=kind,
        year=year,
        rows=tuple(shown),
        quiet=len(rows) - len(shown),
        expected=honesty.expected_false(len(scope.seen), rates.by_check[honesty.SHOWN]),
        silent=tuple(WORDS[check] for check in sorted(honesty.silent(shares)) if check in WORDS),
        measured_on=rates.measured_on,
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
    (found,) = _asked_within(viewer, scope, {organisation.pk}, verdicts())
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


def _asked_within(
    viewer: Viewer, scope: Scope, wanted: Iterable[int], given: Sequence[SignalVerdict]
) -> list[AskedOfOne]:
    bodies = sorted(wanted, key=lambda pk: scope.peers[pk].sort_key)
    off = honesty.silent(confirmed_shares(given))
    facts = [row for row in _facts(viewer, bodies, scope.year) if row.check not in off]
    oddities, lone = _oddities(scope, frozenset(bodies), frozenset(off))
    questions: dict[int, list[Question]] = {pk: [] for pk in bodies}
    for question in [*facts, *oddities]:
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


def _facts(viewer: Viewer, bodies: Sequence[int], year: int) -> list[Question]:
    values = stated_facts.known_values(bodies, year)
    issues = stated_facts.published_issues() if any(row.corrects for row in values) else []
    return [
        *questions_of_reports(stated_facts.stated_reports(visible_reports(viewer), bodies, year, with_measured=True)),
        *questions_of_values(values, issues),
        *questions_of_targets(stated_facts.eased_targets(bodies, year)),
        *questions_of_families(stated_facts.families(bodies, year)),
    ]


def _oddities(scope: Scope, wanted: frozenset[int], off: frozenset[str]) -> tuple[list[Question], dict[int, int]]:
    """Questions on which two independent checks agree, and how many oddities of each organisation stand alone."""
    questions: list[Question] = []
    lone: dict[int, int] = {}
    for panel in _panels(scope):
        found = {check: units for check, units in honesty.peer_findings(panel).items() if check not in off}
        agreed = honesty.agreed(found)
        units = {unit.unit_id: unit for unit in panel.units}
        for check, tested in found.items():
            for body in tested.keys() & wanted:
                if body in agreed:
                    questions.append(_oddity(check, panel, units[body], tested[body]))
                else:
                    lone[body] = lone.get(body, 0) + 1
    return questions, lone


def _panels(scope: Scope) -> list[Panel]:
    """Compared is what everybody who works may see, so that two viewers never get different questions."""
    open_to_all = Report.objects.filter(task__in=visible_tasks(WHOEVER_WORKS).order_by())
    reports = stated_facts.stated_reports(open_to_all, list(scope.peers), scope.year)
    return [
        peer_panels.tasks_panel(reports, list(scope.peers), scope.year),
        peer_panels.indicators_panel(list(scope.peers), scope.kind, scope.year, scope.as_of),
    ]


def _oddity(check: str, panel: Panel, unit: Unit, tested: Tested) -> Question:
    numbers = {"own": _share(tested.own), "peers": _share(tested.peers)} if check in IN_PER_CENT else {}
    traces = _pairs_of(panel, unit) if check == "above_measured" else _series_of(panel, unit)
    return Question(check, unit.unit_id, panel.period, panel.matter.value, traces, numbers, tested.p)


def _series_of(panel: Panel, unit: Unit) -> tuple[Trace, ...]:
    """Each series with its last value, beside its target."""
    place = Place.TASK if panel.matter is Matter.TASKS else Place.INDICATOR
    return tuple(
        Trace(
            course.subject,
            panel.period,
            None,
            _figure(next((value for value in reversed(course.values) if value is not None), None)),
            _figure(course.target),
            place,
            course.subject,
        )
        for course in unit.courses
    )


def _pairs_of(panel: Panel, unit: Unit) -> tuple[Trace, ...]:
    """What was declared beside what was measured, turned back to how it was stated."""
    falling = {course.subject for course in unit.courses if course.is_falling}
    turned = {subject: -1 if subject in falling else 1 for subject in unit.pairs}
    return tuple(
        Trace(subject, panel.period, None, _figure(turn * said), _figure(turn * measured), Place.INDICATOR, subject)
        for subject, turn in turned.items()
        for measured, said in (unit.pairs[subject],)
    )


def _share(value: float) -> str:
    return f"{round(100 * value)} %"


def _figure(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, 6)))


def names_of(rows: Iterable[Trace]) -> dict[tuple[Place, str], str]:
    """What the codes in `rows` stand for: the words of tasks and the names of indicators."""
    tasks = {row.what for row in rows if row.place in {Place.REPORT, Place.TASK}}
    indicators = {row.what for row in rows if row.place is Place.INDICATOR}
    said = Task.objects.filter(code__in=tasks).values_list("code", "text")
    named = Indicator.objects.filter(code__in=indicators).values_list("code", "name", "name_en")
    english = get_language() == "en"
    found = {(Place.TASK, code): text for code, text in said}
    return found | {(Place.INDICATOR, code): (en if english and en else vi) for code, vi, en in named}
