"""Documents, control frames, indicators and targets of a simulated country: few, so through the ordinary actions."""

from datetime import date, timedelta
from decimal import Decimal

from thucthi.demonstration.simulation.bodies import MARK
from thucthi.demonstration.simulation.plan import Country
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Post
from thucthi.documents.actions import NewDocument, register_document
from thucthi.documents.calculations import compose_text
from thucthi.documents.models import Document
from thucthi.indicators.actions.definitions import NewIndicator, NewRule, define_indicators, set_rollup_rules
from thucthi.indicators.actions.targets import NewTarget, set_targets
from thucthi.indicators.models import Indicator
from thucthi.programmes.actions import NewCheckpoint, NewFrame, NewGoal, NewResponsibility, create_frame

CLAUSES = 10
OPERATORS = ("sum", "weighted_mean", "ratio_of_sums", "max", "count_meeting_floor")
PROVINCE, COMMUNE = "provincial_peoples_committee", "commune"


def write_documents(country: Country) -> None:
    """Resolutions of the government with ten clauses each, and a control frame for every one of them."""
    root = Organisation.objects.get(pk=1)
    for number in range(1, country.sizes.documents + 1):
        text, places = compose_text((f"I.{n}", f"Khoản {n} của nghị quyết {MARK} số {number}.") for n in range(1, 11))
        document = register_document(
            by=SYSTEM,
            new=NewDocument(
                slug=f"mp-nq-{number}",
                number=f"{number}",
                symbol="-NQ/MP",
                year=country.issued_on.year,
                issuer=root,
                type="resolution",
                issued_on=country.issued_on - timedelta(days=30),
                title=f"Nghị quyết {MARK} số {number}",
                register=root,
                text=text,
                text_is_summary=True,
                source=MARK,
                security="public",
                clauses=places,
            ),
        )
        _frame(document, number, country)


def _frame(document: Document, number: int, country: Country) -> None:
    ministry = country.bodies.first_ministry + number % country.bodies.ministries
    committee = Organisation.objects.get(pk=ministry)
    goals = [NewGoal(code=f"mp-mt-{number}-{n}", text=f"Mục tiêu {MARK} {number}.{n}") for n in (1, 2)]
    levels = ("Chưa đạt", "Đạt một phần", "Đạt")
    goals.append(NewGoal(code=f"mp-mt-{number}-3", text=f"Mục tiêu định tính {MARK} {number}.3", rubric=levels))
    create_frame(
        document,
        by=SYSTEM,
        new=NewFrame(
            benefit_country=f"Lợi ích {MARK} cho đất nước",
            benefit_people=f"Lợi ích {MARK} cho người dân",
            benefit_future=f"Lợi ích {MARK} cho thế hệ sau",
            responsibilities=(NewResponsibility("Toàn bộ nghị quyết", committee, Post.objects.get(pk=ministry)),),
            goals=tuple(goals),
            checkpoints=tuple(_checkpoint(number, n, committee, country.sizes.until) for n in (1, 2)),
        ),
    )


def _checkpoint(number: int, which: int, examiner: Organisation, until: date) -> NewCheckpoint:
    return NewCheckpoint(
        code=f"mp-moc-{number}-{which}",
        text=f"Mốc kiểm tra {MARK} {number}.{which}",
        due_on=until + timedelta(days=91 * which),
        evidence_required=f"Báo cáo {MARK}",
        examiner=examiner,
    )


def write_indicators(country: Country) -> None:
    """First those that communes state, then those of provinces and the country; ways of adding up in turn."""
    count = country.of_communes + country.of_provinces
    if not count:
        return
    made = define_indicators(
        by=SYSTEM, specs=[_indicator(place, operator_of(country, place)) for place in range(count)]
    )
    weights = {True: made[0] if country.of_communes else None, False: made[country.of_communes]}
    rules = []
    for place, indicator in enumerate(made):
        of_communes = place < country.of_communes
        rules += _rules(
            indicator, place, operator_of(country, place), of_communes=of_communes, weight=weights[of_communes]
        )
    set_rollup_rules(by=SYSTEM, indicators=made, rules=rules)
    documents = {document.pk: document for document in Document.objects.all()}
    set_targets(
        by=SYSTEM, specs=[_target(made[place % count], documents[place + 1]) for place in range(len(documents))]
    )


def operator_of(country: Country, place: int) -> str:
    """How the country's figure of the indicator at this place (from 0) is made of its parts."""
    return ("sum", "weighted_mean")[place % 2] if place < country.of_communes else OPERATORS[place % len(OPERATORS)]


def _indicator(place: int, operator: str) -> NewIndicator:
    return NewIndicator(
        code=f"mp-ct-{place + 1}",
        name=f"Chỉ tiêu {MARK} {place + 1}",
        direction=("rise", "fall")[place % 2],
        kind="ratio" if operator == "ratio_of_sums" else "stock",
        unit="điểm",
        definition=f"Chỉ tiêu {MARK}, không đo điều gì có thật.",
        source=MARK,
        frequency="monthly",
        scale=Decimal(100),
    )


def _rules(
    indicator: Indicator, place: int, operator: str, *, of_communes: bool, weight: Indicator | None
) -> list[NewRule]:
    """Communes state, provinces and the country are made; or provinces state. One in ten countries' is published."""
    floor = Decimal(50) if operator == "count_meeting_floor" else None
    # A weight is made of its own parts: it cannot be weighed by itself.
    weighed = weight if operator == "weighted_mean" and weight is not None and weight.pk != indicator.pk else None
    origin = "source" if place % 10 == 3 else "children"
    country = NewRule(indicator, "country", origin, operator, weight=weighed, floor=floor)
    if not of_communes:
        return [country, NewRule(indicator, PROVINCE, "own", "none")]
    province = NewRule(indicator, PROVINCE, "children", operator, weight=weighed, floor=floor)
    return [country, province, NewRule(indicator, COMMUNE, "own", "none")]


def _target(indicator: Indicator, document: Document) -> NewTarget:
    return NewTarget(
        indicator=indicator,
        document=document,
        code=f"mp-dich-{document.pk}",
        operator=">=" if indicator.direction == "rise" else "<=",
        low=Decimal(80) if indicator.direction == "rise" else None,
        high=None if indicator.direction == "rise" else Decimal(20),
        period="2030",
        year=2030,
        source=MARK,
    )
