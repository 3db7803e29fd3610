"""Invented trees, rules and values for the engine of figures, and their figures by the pure rules alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from thucthi.directory.models import Level, Organisation, Placement, Tree
from thucthi.indicators.models import Indicator, Observation, RollupRule
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, READS_MEMBERS, Cell, Figure, Operator, Origin, Rule
from thucthi.monitoring.calculations.figures.tree import Body, Known, nodes_of, roll_up, standing

PERIODS = ("2025-05", "2025-06", "2025-07", "2025-08")
DAYS = (date(2025, 6, 10), date(2025, 7, 1), date(2025, 8, 15), date(2025, 9, 30))
KINDS = ("province", "commune", "department")
MOVED_ON = date(2025, 7, 1)
ADDING = tuple(operator for operator in Operator if operator is not Operator.NONE)


@dataclass(frozen=True)
class Sketch:
    """A body: `parent` and `later_parent` (from MOVED_ON) are places of earlier bodies, -1: a root."""

    kind: str
    parent: int
    later_parent: int | None
    valid_from: date | None
    valid_to: date | None
    is_placed: bool


@dataclass(frozen=True)
class Row:
    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    available_on: date


@dataclass(frozen=True)
class World:
    """`rules`: unit → (origin, operator, floor, is weighted). `lines`: (which indicator, body or -1, period) → rows."""

    bodies: tuple[Sketch, ...]
    rules: dict[str, tuple[Origin, Operator, Decimal | None, bool]]
    weight_rules: dict[str, tuple[Origin, Operator, Decimal | None, bool]]
    direction: str
    scale: Decimal
    tree_from: date | None
    lines: dict[tuple[int, int, str], tuple[Row, ...]]
    as_of: date


amounts = st.one_of(
    st.integers(-3, 3).map(Decimal),
    st.decimals(-(10**13), 10**13, places=6, allow_nan=False, allow_infinity=False),
    st.decimals(-100, 100, places=2, allow_nan=False, allow_infinity=False),
)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    state = draw(st.sampled_from(list(ValueState)))
    on = draw(st.sampled_from(DAYS)) - timedelta(days=draw(st.integers(0, 3)))
    if state in {ValueState.NOT_REPORTED, ValueState.NOT_APPLICABLE, ValueState.CONFIDENTIAL}:
        return Row(state, None, None, None, on)
    amount = Decimal(0) if state is ValueState.CONFIRMED_ZERO else draw(amounts)
    if state is ValueState.NUMBER and amount == 0:
        amount = Decimal(1)
    if draw(st.booleans()):
        return Row(state, amount, draw(amounts), draw(amounts.filter(lambda value: value != 0)), on)
    return Row(state, amount, None, None, on)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Sketch, ...]:
    made = []
    for place in range(draw(st.integers(1, 8))):
        above = st.integers(-1, place - 1)
        born = draw(st.sampled_from((None, None, None, date(2025, 1, 1), MOVED_ON)))
        ends = (None, None, None) if born == MOVED_ON else (None, None, None, MOVED_ON - timedelta(days=1))
        made.append(
            Sketch(
                kind=draw(st.sampled_from((*KINDS, "office"))),
                parent=draw(above),
                later_parent=draw(st.one_of(st.none(), st.none(), above)),
                valid_from=born,
                valid_to=draw(st.sampled_from(ends)),
                is_placed=draw(st.booleans()),
            )
        )
    return tuple(made)


@st.composite
def rules(draw: st.DrawFn, weighted: bool = True) -> tuple[Origin, Operator, Decimal | None, bool]:
    origin = draw(st.sampled_from(list(Origin)))
    operator = Operator.NONE if origin is Origin.OWN else draw(st.sampled_from(ADDING))
    floor = draw(amounts) if operator is Operator.COUNT_MEETING_FLOOR else None
    return origin, operator, floor, weighted and operator is Operator.WEIGHTED_MEAN and draw(st.booleans())


@st.composite
def worlds(draw: st.DrawFn) -> World:
    tree = draw(bodies())
    ruled = draw(st.sets(st.sampled_from(("country", *KINDS)), min_size=1))
    weighing = draw(st.sets(st.sampled_from(("country", *KINDS)), min_size=1))
    keys = st.tuples(st.integers(0, 1), st.integers(-1, len(tree) - 1), st.sampled_from(PERIODS))
    return World(
        bodies=tree,
        rules={unit: draw(rules()) for unit in sorted(ruled)},
        weight_rules={unit: draw(rules(weighted=False)) for unit in sorted(weighing)},
        direction=draw(st.sampled_from(("rise", "fall", "hold"))),
        scale=draw(st.sampled_from((Decimal(1), Decimal(100), Decimal("0.5")))),
        tree_from=draw(st.sampled_from((None, None, MOVED_ON))),
        lines=draw(st.dictionaries(keys, st.lists(rows(), min_size=1, max_size=3).map(tuple), max_size=25)),
        as_of=draw(st.sampled_from(DAYS)),
    )


@dataclass
class Stored:
    """The world in the database, with what the pure rules need of it."""

    world: World
    indicator: Indicator
    weight: Indicator
    units: list[int]
    rows: dict[tuple[int, int, str], list[Known]] = field(default_factory=dict)

    def unit(self, place: int) -> int:
        return COUNTRY if place < 0 else self.units[place]


def store(world: World) -> Stored:
    organisations = [_organisation(place, sketch) for place, sketch in enumerate(world.bodies)]
    made = Organisation.objects.bulk_create(organisations)
    _place(world, made)
    weight = _indicator("trong-so", world, tree_from=None)
    indicator = _indicator("chi-tieu", world, tree_from=world.tree_from)
    _rules(indicator, world.rules, weight)
    _rules(weight, world.weight_rules, None)
    stored = Stored(world, indicator, weight, [body.pk for body in made])
    _observe(stored, [indicator, weight], made)
    return stored


def _organisation(place: int, sketch: Sketch) -> Organisation:
    return Organisation(
        code=f"don-vi-{place}",
        tree=Tree.STATE,
        level=Level.PROVINCE,
        kind=sketch.kind,
        official_name=f"Đơn vị {place}",
        short_name=f"Đơn vị {place}",
        valid_from=sketch.valid_from,
        valid_to=sketch.valid_to,
        search_text="",
        sort_key="",
    )


def _place(world: World, made: list[Organisation]) -> None:
    def body(place: int | None) -> Organisation | None:
        return None if place is None or place < 0 else made[place]

    placements = []
    for sketch, organisation in zip(world.bodies, made, strict=True):
        if not sketch.is_placed:
            organisation.parent = body(sketch.parent)
            continue
        moves = sketch.later_parent is not None
        until = MOVED_ON - timedelta(days=1) if moves else None
        placements.append(Placement(organisation=organisation, parent=body(sketch.parent), valid_to=until))
        if moves:
            placements.append(
                Placement(organisation=organisation, parent=body(sketch.later_parent), valid_from=MOVED_ON)
            )
    Organisation.objects.bulk_update(made, ["parent"])
    Placement.objects.bulk_create(placements)


def _indicator(code: str, world: World, *, tree_from: date | None) -> Indicator:
    return Indicator.objects.create(
        code=code,
        name=code,
        direction=world.direction,
        scale=world.scale,
        frequency="monthly",
        tree_from=tree_from,
    )


def _rules(indicator: Indicator, wanted: dict[str, tuple], weight: Indicator | None) -> None:
    RollupRule.objects.bulk_create(
        RollupRule(
            indicator=indicator,
            unit=unit,
            origin=origin,
            operator=operator,
            floor=floor,
            weight=weight if is_weighted else None,
        )
        for unit, (origin, operator, floor, is_weighted) in wanted.items()
    )


def _observe(stored: Stored, indicators: list[Indicator], made: list[Organisation]) -> None:
    newest: dict[tuple[int, int, str], Observation] = {}
    for turn in range(3):
        fresh = {}
        for key, said in stored.world.lines.items():
            if turn < len(said):
                fresh[key] = _observation(key, said[turn], indicators, made, newest.get(key))
        Observation.objects.bulk_create(fresh.values())
        for key, row in fresh.items():
            cell = Cell(ValueState(row.state), row.amount, row.numerator, row.denominator, row.pk, row.available_on)
            stored.rows.setdefault(key, []).append(Known(row.pk, row.corrects_id, row.available_on, cell))
        newest |= fresh


def _observation(
    key: tuple[int, int, str],
    said: Row,
    indicators: list[Indicator],
    made: list[Organisation],
    corrects: Observation | None,
) -> Observation:
    which, place, period = key
    return Observation(
        indicator=indicators[which],
        organisation=None if place < 0 else made[place],
        period=period,
        period_end=span_of(period).end,
        kind="actual",
        state=said.state,
        amount=said.amount,
        numerator=said.numerator,
        denominator=said.denominator,
        source="Số liệu mẫu",
        corrects=corrects,
        available_on=said.available_on,
        is_simulated=True,
    )


def bodies_on(stored: Stored, day: date) -> list[Body]:
    found = []
    for place, sketch in enumerate(stored.world.bodies):
        moved = sketch.is_placed and sketch.later_parent is not None and day >= MOVED_ON
        parent = sketch.later_parent if moved else sketch.parent
        exists = (sketch.valid_from or date.min) <= day <= (sketch.valid_to or date.max)
        above = None if parent is None or parent < 0 else stored.units[parent]
        found.append(Body(stored.units[place], above, sketch.kind, exists))
    return found


def pure_rules(world: World, wanted: dict[str, tuple]) -> dict[str, Rule]:
    return {
        unit: Rule(origin, operator, world.scale, floor, world.direction == "fall", is_weighted)
        for unit, (origin, operator, floor, is_weighted) in wanted.items()
    }


def cells_of(stored: Stored, which: int, period: str) -> dict[int, Cell]:
    found = {}
    for (one, place, when), line in stored.rows.items():
        if (one, when) == (which, period) and (cell := standing(line, stored.world.as_of)):
            found[stored.unit(place)] = cell
    return found


def by_pure_rules(stored: Stored, period: str) -> dict[int, Figure]:
    """The figures of every unit, without the database."""
    world = stored.world
    day = max(span_of(period).end, world.tree_from or date.min)
    tree = bodies_on(stored, day)
    weights = _pure_weights(stored, period, tree)
    weighted = {unit for unit, rule in world.rules.items() if rule[3] and rule[0] in READS_MEMBERS}
    return roll_up(
        stored.indicator.pk,
        period,
        nodes=nodes_of(tree, world.rules),
        rules=pure_rules(world, world.rules),
        cells=cells_of(stored, 0, period),
        weights=lambda kind, unit: weights.get(unit) if kind in weighted else None,
    )


def _pure_weights(stored: Stored, period: str, tree: Iterable[Body]) -> dict[int, Decimal]:
    """Newest amount among the last two periods in which the weighing indicator has any known amount."""
    last, world, bodies_then = span_of(period).end, stored.world, list(tree)
    known = {
        when
        for (which, _, when), line in stored.rows.items()
        if which == 1
        and span_of(when).end <= last
        and any(row.available_on <= world.as_of and row.cell.amount is not None for row in line)
    }
    found: dict[int, Decimal] = {}
    for when in sorted(known)[-2:]:
        figures = roll_up(
            stored.weight.pk,
            when,
            nodes=nodes_of(bodies_then, world.weight_rules),
            rules=pure_rules(world, world.weight_rules),
            cells=cells_of(stored, 1, when),
            weights=lambda kind, unit: None,
        )
        found |= {unit: figure.amount for unit, figure in figures.items() if figure.amount is not None}
    return found
