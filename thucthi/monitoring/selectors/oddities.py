"""What statistics find odd among peers: found for everybody by a job and kept, opened for one organisation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from thucthi.monitoring.calculations import honesty
from thucthi.monitoring.calculations.honesty.peers import numbers_of
from thucthi.monitoring.calculations.honesty.shapes import Matter, Panel, Place, Question, Tested, Trace, Unit
from thucthi.monitoring.models import PeerFinding, QuestionCount
from thucthi.monitoring.selectors import peer_panels, stated_facts
from thucthi.monitoring.selectors.scopes import WHOEVER_WORKS, Scope
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.models import Report

IN_PER_CENT = frozenset(honesty.CHECKS_BY_PEERS) - {"too_smooth", "above_measured"}
# So many organisations are read by one statement: a country would take longer than a statement may.
AT_ONCE = 200
Findings = dict[str, dict[int, Tested]]


@dataclass(frozen=True, slots=True)
class Oddities:
    """By matter and check the units found, as counted at a moment; None: nobody has counted yet."""

    by_matter: Mapping[Matter, Findings]
    counted_at: datetime | None


def kept_oddities(kind: str, year: int) -> Oddities:
    """Everybody sees the same: compared is what everybody who works may see. `question_counts` keeps them."""
    count = QuestionCount.objects.filter(kind=kind, year=year).first()
    found: dict[Matter, Findings] = {}
    for row in PeerFinding.objects.filter(count=count).order_by("pk") if count else ():
        tested = Tested(row.own, row.peers, row.counted, row.p)
        found.setdefault(Matter(row.matter), {}).setdefault(row.check_code, {})[row.organisation_id] = tested
    return Oddities(found, count.counted_at if count else None)


def odd_indicators(scope: Scope) -> Findings:
    """What is found odd by comparing the indicators of all peers; some are read at a time, only numbers are kept."""
    return honesty.findings_of([numbers_of(unit) for unit in _by_indicators(scope, sorted(scope.peers))])


def panels_of(scope: Scope, bodies: Sequence[int]) -> Iterator[Panel]:
    """These few peers side by side, by their tasks and by their indicators."""
    open_to_all = Report.objects.filter(task__in=visible_tasks(WHOEVER_WORKS).order_by())
    reports = stated_facts.told_progress(open_to_all, bodies, scope.year)
    yield peer_panels.tasks_panel(peer_panels.units_by_tasks(reports, bodies, scope.year), scope.year)
    yield Panel(Matter.INDICATORS, str(scope.year), tuple(_by_indicators(scope, bodies)))


def _by_indicators(scope: Scope, bodies: Sequence[int]) -> Iterator[Unit]:
    year = scope.year
    pieces = list(stated_facts.pieces_by_values(bodies, year))
    told = {period for some in pieces for period in peer_panels.periods_told(some, year, scope.as_of)}
    for some in pieces:
        yield from peer_panels.measured_units(some, scope.kind, year, scope.as_of, told)


def in_pieces(bodies: Sequence[int], at_once: int = AT_ONCE) -> list[Sequence[int]]:
    """So many of them as one statement reads."""
    return [bodies[start : start + at_once] for start in range(0, len(bodies), at_once)]


def asked_by_comparison(
    oddities: Oddities, scope: Scope, wanted: Collection[int], off: Collection[str]
) -> tuple[list[Question], dict[int, int]]:
    """Questions, without their rows, on which two independent checks agree; of each organisation how many stand alone.

    `off`: the checks that ask nobody any more.
    """
    questions: list[Question] = []
    lone: dict[int, int] = {}
    for matter, checks in oddities.by_matter.items():
        found = {check: units for check, units in checks.items() if check not in off}
        agreed = honesty.agreed(found)
        for check, tested in found.items():
            for body in tested.keys() & wanted:
                if body in agreed:
                    questions.append(_oddity(check, matter, scope.year, body, tested[body]))
                else:
                    lone[body] = lone.get(body, 0) + 1
    return questions, lone


def with_rows(questions: Collection[Question], scope: Scope) -> list[Question]:
    """The same questions with the rows they rest on: those of whoever is asked, not of the peers.

    The rows are read now: a question whose organisation has none any more (a programme was closed) comes without.
    """
    asked = sorted({row.organisation_id for row in questions})
    panels = {panel.matter.value: panel for panel in panels_of(scope, asked)} if asked else {}
    units = {(matter, unit.unit_id): unit for matter, panel in panels.items() for unit in panel.units}
    return [
        replace(row, traces=_rows_behind(row.check, panels[row.subject], units[row.subject, row.organisation_id]))
        for row in questions
    ]


def _rows_behind(check: str, panel: Panel, unit: Unit) -> tuple[Trace, ...]:
    return _pairs_of(panel, unit) if check == "above_measured" else _series_of(panel, unit)


def _oddity(check: str, matter: Matter, year: int, body: int, tested: Tested) -> Question:
    numbers = {"own": _share(tested.own), "peers": _share(tested.peers)} if check in IN_PER_CENT else {}
    return Question(check, body, str(year), matter.value, (), numbers, tested.p)


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
