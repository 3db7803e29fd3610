"""Indicators: what is measured, where from, whether it is on its path."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.pages import Page, Reader, Twin
from thucthi.public_site.rendering.tables import OBSERVATION_COLUMNS, observation_rows
from thucthi.publication.shapes import IndicatorData, ObservationData, TargetData

FOLDER = "chi-tieu"
# A line joins values of one kind only; estimates and declarations stand in the table.
DRAWN = "actual"


@dataclass(frozen=True)
class Reading:
    """An indicator with its latest official figure and the target nearest ahead."""

    indicator: IndicatorData
    series: list[ObservationData]
    latest: ObservationData | None
    target: TargetData | None


def read(indicator: IndicatorData, year: int) -> Reading:
    whole = [each for each in indicator.observations if each.organisation is None and each.kind == DRAWN]
    ahead = sorted(
        indicator.targets, key=lambda each: ((each.year or year) < year, abs((each.year or year) - year), each.code)
    )
    known = [each for each in whole if each.amount is not None]
    return Reading(indicator, whole, known[-1] if known else None, ahead[0] if ahead else None)


def indicator_pages(book: Book, reader: Reader) -> Iterator[Page]:
    year = book.data.header.as_of.year
    readings = [read(each, year) for each in book.data.indicators]
    goals = [(document, goal) for document in book.data.documents if document.frame for goal in document.frame.goals]
    yield Page(
        folder=FOLDER,
        template="indicator_list.html",
        title=_("Chỉ tiêu và mục tiêu"),
        section=FOLDER,
        values={
            "readings": readings,
            "goals": [(document, goal) for document, goal in goals if goal.kind == "qualitative"],
            "measured": sum(each.latest is not None for each in readings),
        },
        twin=Twin(book.data.indicators, OBSERVATION_COLUMNS, observation_rows(book, book.data.indicators)),
    )
    for each in readings:
        yield Page(
            folder=f"{FOLDER}/{each.indicator.code}",
            template="indicator.html",
            title=reader.indicator_name(each.indicator.code),
            section=FOLDER,
            values={
                "reading": each,
                "indicator": each.indicator,
                "points": [
                    (reader.short_period(point.period), point.amount, point.state == "provisional")
                    for point in each.series
                ],
                "headline": headline(reader, each),
                "target_amount": target_amount(each.target),
                "tasks": [book.tasks[code] for code in each.indicator.tasks],
            },
            twin=Twin(each.indicator, OBSERVATION_COLUMNS, observation_rows(book, [each.indicator])),
        )


def target_amount(target: TargetData | None) -> Decimal | None:
    if target is None:
        return None
    return target.low if target.low is not None else target.high


def headline(reader: Reader, reading: Reading) -> str:
    """The message of the chart in one sentence."""
    latest, target = reading.latest, reading.target
    if latest is None or latest.amount is None:
        return _("Chưa có số liệu chính thức cho chỉ tiêu này.")
    values = {
        "value": reader.number(latest.amount),
        "unit": reader.unit(reading.indicator.code),
        "period": reader.period(latest.period),
        "target": (target.wording_en if reader.lang == "en" else target.wording_vi) if target else "",
        "year": target.year if target and target.year else "",
    }
    if target is None:
        return _("%(period)s: %(value)s %(unit)s.") % values
    sentences = {
        True: _("%(period)s: %(value)s %(unit)s, đã đạt mục tiêu %(target)s (%(year)s)."),
        False: _("%(period)s: %(value)s %(unit)s, chưa đạt mục tiêu %(target)s (%(year)s)."),
        None: _("%(period)s: %(value)s %(unit)s; mục tiêu %(target)s (%(year)s)."),
    }
    return (sentences[target.met] % values).replace(" ()", "")
