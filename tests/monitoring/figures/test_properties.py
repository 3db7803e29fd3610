"""What holds for every tree, rule and value."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.periods import Frequency, span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.combine import figure_of_cell
from thucthi.monitoring.calculations.figures.over_time import cumulate, over_time
from thucthi.monitoring.calculations.figures.shapes import COUNTRY, Cell, Figure, Operator, Origin, Rule
from thucthi.monitoring.calculations.figures.suppression import known_to_readers, suppressed, with_suppression
from thucthi.monitoring.calculations.figures.tree import Body, nodes_of, roll_up

MEASURED = st.decimals(-(10**12), 10**12, places=6, allow_nan=False, allow_infinity=False)
ADDING = [operator for operator in Operator if operator is not Operator.NONE]
LARGE = 1_000


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    state = draw(st.sampled_from(list(ValueState)))
    number = draw(st.integers(1, 10**6))
    if state in {ValueState.NOT_REPORTED, ValueState.NOT_APPLICABLE, ValueState.CONFIDENTIAL}:
        return Cell(state, None, observation_id=number)
    amount = Decimal(0) if state is ValueState.CONFIRMED_ZERO else draw(MEASURED)
    if state is ValueState.NUMBER and amount == 0:
        amount = Decimal(1)
    parts = (draw(MEASURED), draw(MEASURED.filter(bool))) if draw(st.booleans()) else (None, None)
    return Cell(state, amount, *parts, observation_id=number, arrived=date(2026, 1, draw(st.integers(1, 28))))


@st.composite
def trees(draw: st.DrawFn) -> list[Body]:
    made = []
    for place in range(1, draw(st.integers(2, 10))):
        above = draw(st.integers(0, place - 1))
        kind = draw(st.sampled_from(("province", "commune", "office")))
        made.append(Body(place, above or None, kind))
    return made


@st.composite
def rule_sets(draw: st.DrawFn, operators: list[Operator] = ADDING) -> dict[str, Rule]:
    made = {"commune": Rule(Origin.OWN)}
    for unit in ("country", "province"):
        operator = draw(st.sampled_from(operators))
        floor = Decimal(0) if operator is Operator.COUNT_MEETING_FLOOR else None
        origin = draw(st.sampled_from((Origin.CHILDREN, Origin.BOTH, Origin.SOURCE)))
        made[unit] = Rule(origin, operator, Decimal(100), floor, is_weighted=draw(st.booleans()))
    return made


def rolled(bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell]) -> dict[int, Figure]:
    return roll_up(
        7,
        "2026-01",
        nodes=nodes_of(bodies, rules),
        rules=rules,
        cells=stated,
        weights=lambda kind, unit: Decimal(unit),
    )


STATED = st.dictionaries(st.integers(0, 9), cells())


@given(trees(), rule_sets(), STATED, st.randoms(use_true_random=False))
def test_order_does_not_matter(bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell], chance) -> None:  # type: ignore[no-untyped-def]
    distinct = {unit: replace(cell, observation_id=unit + 1) for unit, cell in stated.items()}
    shuffled, keys = list(bodies), list(distinct)
    chance.shuffle(shuffled)
    chance.shuffle(keys)
    assert rolled(shuffled, rules, {key: distinct[key] for key in keys}) == rolled(bodies, rules, distinct)


@given(trees(), rule_sets([Operator.SUM]), STATED)
def test_parts_add_up(bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell]) -> None:
    figures = rolled(bodies, rules, stated)
    for node in nodes_of(bodies, rules):
        rule, figure = rules[node.kind], figures[node.unit_id]
        below = [figures[other.unit_id] for other in nodes_of(bodies, rules) if other.anchor_id == node.unit_id]
        amounts = [part.amount for part in below if part.amount is not None]
        if rule.origin in {Origin.CHILDREN, Origin.BOTH}:
            assert figure.contributed == (sum(amounts) if amounts else None)
            own = figure.own if rule.origin is Origin.BOTH else None
            assert (figure.amount or 0) == (own or 0) + (figure.contributed or 0)
            assert figure.expected >= sum(part.expected for part in below)
        assert figure.counted + figure.confidential <= figure.expected
        assert (figure.amount is None) == (figure.counted == 0)


@given(trees(), rule_sets(), STATED)
def test_a_unit_to_which_nothing_applies_changes_nothing(
    bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell]
) -> None:
    before = rolled(bodies, rules, stated)
    for kind, more in (("office", {}), ("commune", {50: Cell(ValueState.NOT_APPLICABLE, None)})):
        after = rolled([*bodies, Body(50, bodies[-1].unit_id, kind)], rules, stated | more)
        after.pop(50, None)
        as_before = {unit: replace(row, not_applicable=before[unit].not_applicable) for unit, row in after.items()}
        assert as_before == before


@given(trees(), rule_sets(), STATED, st.integers(1, 9))
def test_missing_is_not_zero(bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell], place: int) -> None:
    """Saying that a value did not come changes no amount; saying zero changes what is counted."""
    silent = {unit: cell for unit, cell in stated.items() if unit != place}
    said = silent | {place: Cell(ValueState.NOT_REPORTED, None)}
    assert rolled(bodies, rules, said) == rolled(bodies, rules, silent)
    figures = rolled(bodies, rules, silent | {place: Cell(ValueState.CONFIRMED_ZERO, Decimal(0))})
    if place in figures and rules[next(b.kind for b in bodies if b.unit_id == place)].origin is Origin.OWN:
        assert (figures[place].amount, figures[place].counted) == (Decimal(0), 1)


@given(trees(), rule_sets(), STATED)
def test_no_equation_of_the_readers_has_exactly_one_hidden_quantity(
    bodies: list[Body], rules: dict[str, Rule], stated: dict[int, Cell]
) -> None:
    nodes, figures = nodes_of(bodies, rules), rolled(bodies, rules, stated)
    known = known_to_readers(nodes, rules, {"": figures}, {})
    hidden = suppressed(known.equations, known.amounts, known.secret) | known.secret
    for equation in known.equations:
        unseen = [name for name in equation.quantities if name in hidden]
        seen = [name for name in equation.quantities if name not in hidden and known.amounts.get(name) is not None]
        assert len(unseen) != 1 or not seen
    shown = with_suppression(nodes, rules, {"": figures})[""]
    assert {f"@{unit}" for unit, row in shown.items() if row.is_suppressed} == {
        name for name in hidden - known.secret if name.startswith("@")
    }
    assert all(row.amount is None and row.own is None for row in shown.values() if row.is_suppressed)


@given(trees(), STATED)
def test_a_confidential_value_is_not_the_only_solution_of_what_is_shown(
    bodies: list[Body], stated: dict[int, Cell]
) -> None:
    """With sums only: moving a confidential value by 1 and hidden others against it breaks no equation readers know."""
    rules = {"country": Rule(Origin.SOURCE, Operator.SUM), "province": Rule(Origin.SOURCE, Operator.SUM)}
    rules["commune"] = Rule(Origin.OWN)
    nodes, figures = nodes_of(bodies, rules), rolled(bodies, rules, stated)
    known = known_to_readers(nodes, rules, {"": figures}, {})
    hidden = suppressed(known.equations, known.amounts, known.secret) | known.secret
    unknown = {name for equation in known.equations for name in equation.quantities if name in hidden}
    unknown |= {name for equation in known.equations for name in equation.quantities if known.amounts.get(name) is None}
    for name in known.secret & unknown:
        if all(_can_be_hidden(equation, name, known.amounts) for equation in known.equations):
            assert not _is_determined(name, sorted(unknown), known.equations)


def _can_be_hidden(equation, name: str, amounts: dict[str, Decimal | None]) -> bool:  # type: ignore[no-untyped-def]
    """An equation in which nothing else has an amount leaves nothing to hide, and nothing to compute with."""
    return name not in equation.quantities or len(equation.quantities) > 1


def _is_determined(name: str, unknown: list[str], equations) -> bool:  # type: ignore[no-untyped-def]
    """Whether the system, seen as linear in the unknown quantities, fixes `name`: its unit vector is a row of it."""
    rows = [[Decimal(int(q in e.parts)) - Decimal(int(q == e.total)) for q in unknown] for e in equations]
    target = [Decimal(int(q == name)) for q in unknown]
    return _rank([*rows, target]) == _rank(rows)


def _rank(matrix: list[list[Decimal]]) -> int:
    rows, rank = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column] != 0), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(len(rows)):
            if r != rank and rows[r][column] != 0:
                factor = rows[r][column] / rows[rank][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def monthly(amounts: list[Decimal | None], year: int = 2026) -> dict[str, Figure]:
    found = {}
    for place, amount in enumerate(amounts):
        key = f"{year}-{place + 1:02d}"
        state = ValueState.PROVISIONAL if amount == 0 else ValueState.NUMBER
        cell = None if amount is None else Cell(state, amount, observation_id=place + 1)
        found[key] = figure_of_cell(7, key, COUNTRY, cell)
    return found


YEAR_OF_MONTHS = st.lists(st.none() | MEASURED, min_size=12, max_size=12)


@given(YEAR_OF_MONTHS)
def test_flows_of_quarters_add_up_to_the_flow_of_the_year(amounts: list[Decimal | None]) -> None:
    figures = monthly(amounts)

    def flow(key: str) -> Decimal | None:
        made = over_time(figures, span_of(key), frequency=Frequency.MONTHLY, kind="flow", scale=Decimal(1))
        return made.amount

    quarters = [flow(f"2026-Q{number}") for number in (1, 2, 3, 4)]
    known = [amount for amount in quarters if amount is not None]
    assert flow("2026") == (sum(known) if known else None)
    year = over_time(figures, span_of("2026"), frequency=Frequency.MONTHLY, kind="flow", scale=Decimal(1))
    assert (year.counted, year.expected) == (sum(amount is not None for amount in amounts), 12)


@given(YEAR_OF_MONTHS, st.integers(0, 11), MEASURED)
def test_correcting_one_month_moves_every_later_running_sum_of_its_year(
    amounts: list[Decimal | None], place: int, corrected: Decimal
) -> None:
    keys = [f"2026-{month:02d}" for month in range(1, 13)] + ["2027-01"]
    before = cumulate(zip(keys, [*amounts, Decimal(3)], strict=True))
    changed = [*amounts[:place], corrected, *amounts[place + 1 :]]
    after = cumulate(zip(keys, [*changed, Decimal(3)], strict=True))
    assert after[:place] == before[:place]
    assert after[-1] == before[-1]
    moved = corrected - (amounts[place] or 0)
    for old, new in zip(before[place:12], after[place:12], strict=True):
        assert (new.amount or 0) == (old.amount or 0) + moved
    yearly = over_time(
        monthly(changed), span_of("2026-Q4"), frequency=Frequency.MONTHLY, kind="cumulative", scale=Decimal(1)
    )
    assert yearly.amount == after[11].amount


def test_a_level_of_a_year_is_that_of_its_last_month_and_provisional_before_it_is_in() -> None:
    level = {"frequency": Frequency.MONTHLY, "kind": "stock", "scale": Decimal(1)}
    whole = over_time(monthly([Decimal(n) for n in range(1, 13)]), span_of("2026"), **level)  # type: ignore[arg-type]
    assert (whole.amount, whole.state, whole.last) == (Decimal(12), ValueState.NUMBER, "2026-12")
    begun = over_time(monthly([Decimal(4), Decimal(5)]), span_of("2026"), **level)  # type: ignore[arg-type]
    assert (begun.amount, begun.state, begun.counted, begun.expected) == (Decimal(5), ValueState.PROVISIONAL, 2, 12)
