"""Questions about the figures of one organisation, as a viewer may see them: those of fact found anew for every page.

Comparisons with peers are as counted last (`question_counts`), and so is the list of organisations (`question_board`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
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
from thucthi.monitoring.calculations.honesty.shapes import Matter, Place, Question, Trace
from thucthi.monitoring.models import SignalVerdict
from thucthi.monitoring.selectors import stated_facts
from thucthi.monitoring.selectors.oddities import asked_by_comparison, kept_oddities, with_rows
from thucthi.monitoring.selectors.scopes import Scope
from thucthi.programmes.models import Task
from thucthi.reporting.selectors import visible_reports


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
    """One organisation with everything it is asked; `lone` oddities of statistics stand alone and are not asked.

    `compared_at`: when it was compared with its peers; None: that was not counted yet.
    """

    organisation: Organisation
    asked: tuple[Asked, ...]
    lone: int
    compared_at: datetime | None

    @property
    def answered(self) -> int:
        return sum(row.verdict is not None for row in self.asked)


def period_in_words(key: str) -> str:
    span = span_of(key)
    return span.label_en if get_language() == "en" else span.label_vi


def organisation_seen(viewer: Viewer, code: str) -> Organisation:
    """Raises NotVisible for an unknown organisation and for one whose questions the viewer may not see."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None or not access.can_see_signals_of(viewer, organisation.path):
        raise NotVisible(_("Không có cơ quan này, hoặc ông/bà không thuộc phạm vi được xem."))
    return organisation


def asked_of(viewer: Viewer, organisation: Organisation, year: int, today: date) -> AskedOfOne:
    """Everything asked of one organisation about `year`, with its rows; its peers are all of its kind."""
    scope = Scope(organisation.kind, year, today, {organisation.pk: organisation}, frozenset({organisation.pk}))
    given = verdicts()
    off = honesty.silent(confirmed_shares(given))
    wanted = frozenset({organisation.pk})
    facts = [row for row in _facts(viewer, [organisation.pk], year) if row.check not in off]
    oddities = kept_oddities(organisation.kind, year)
    compared, lone = asked_by_comparison(oddities, scope, wanted, off)
    answers = {(row.check_code, row.organisation_id, row.period, row.subject): row for row in given}
    asked = [*facts, *with_rows(compared, scope)]
    return AskedOfOne(
        organisation,
        tuple(Asked(row, WORDS[row.check], answers.get(row.key)) for row in asked),
        lone.get(organisation.pk, 0),
        oddities.counted_at,
    )


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
