"""What people add to indicators: breakdowns, the few that count most, rules between them, disputes, lowered targets."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from thucthi.demonstration.reading import Row, decimal, parts, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.indicators.actions.disputes import Corrected, answer_dispute, raise_dispute
from thucthi.indicators.actions.doubts import NewConsistencyRule, set_consistency_rule
from thucthi.indicators.actions.sheets import NewDimension, set_core_indicators, set_dimensions
from thucthi.indicators.actions.target_changes import change_target
from thucthi.indicators.models import Indicator, Observation, ObservationKind, Target
from thucthi.indicators.selectors.targets import terms_of

Indicators = dict[str, Indicator]

SEX = NewDimension("gioi-tinh", "Giới tính", {"nam": ("Nam", "Men"), "nu": ("Nữ", "Women")}, "Sex")
AREA = NewDimension(
    "khu-vuc", "Khu vực", {"thanh-thi": ("Thành thị", "Urban"), "nong-thon": ("Nông thôn", "Rural")}, "Area"
)
DIMENSIONS = {"cp03-chu-ky-so": SEX, "nq71-sau-thpt": SEX, "nq57-dvc-truc-tuyen": AREA}
ONE = Decimal(1)


def load_choices(indicators: Indicators, documents: dict[str, Document]) -> None:
    """Before there are values: how they are broken down, which are read first, what must hold between them."""
    for code, dimension in DIMENSIONS.items():
        set_dimensions(indicators[code], by=SYSTEM, dimensions=[dimension])
    chosen: dict[str, list[Indicator]] = {}
    for row in rows("core.csv"):
        chosen.setdefault(row["document"], []).append(indicators[row["indicator_code"]])
    for slug, core in chosen.items():
        set_core_indicators(documents[slug], by=SYSTEM, indicators=core)
    for row in rows("consistency.csv"):
        left, right = ([(code, ONE) for code in parts(row[side])] for side in ("left", "right"))
        spec = NewConsistencyRule(row["code"], row["name"], left, row["operator"], right)
        set_consistency_rule(by=SYSTEM, spec=spec)


def load_doubts(organisations: dict[str, Organisation]) -> None:
    """After the values: what provinces dispute and what was answered, and targets that were lowered by decision."""
    for row in rows("disputes.csv"):
        _dispute(row, organisations[row["unit_code"].lower()])
    for row in rows("lowered.csv"):
        target = Target.objects.select_related("indicator").get(code=row["target_code"])
        change_target(
            target,
            by=SYSTEM,
            decision=row["decision"],
            decided_on=date.fromisoformat(row["decided_on"]),
            reason=row["reason"],
            new=replace(terms_of(target), low=decimal(row["low"])),
        )


def _dispute(row: Row, organisation: Organisation) -> None:
    standing = Observation.objects.select_related("indicator", "organisation").filter(
        indicator__code=row["indicator_code"], period=row["period"], kind=ObservationKind.ACTUAL, breakdown=""
    )
    observation = standing.get(organisation=organisation, corrections=None)
    proposed = decimal(row["proposed"])
    dispute = raise_dispute(
        observation,
        by=SYSTEM,
        organisation=organisation,
        motive=row["motive"],
        source=row["source"],
        proposed_amount=proposed,
        on=date.fromisoformat(row["raised_on"]),
    )
    if row["verdict"]:
        answer_dispute(
            dispute,
            by=SYSTEM,
            verdict=row["verdict"],
            text=row["answer"],
            on=date.fromisoformat(row["answered_on"]),
            corrected=None if proposed is None else _corrected(observation, proposed),
        )


def _corrected(observation: Observation, proposed: Decimal) -> Corrected:
    """The amount that was proposed, with the part of the denominator that gives it."""
    below, above = observation.denominator, None
    if below is not None:
        above = (proposed / observation.indicator.scale * below).quantize(ONE, ROUND_HALF_UP)
    return Corrected(observation.state, proposed, numerator=above, denominator=below)
