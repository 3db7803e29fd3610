"""The plan of a simulated country adds up to exactly what was asked for, whatever the sizes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.demonstration.simulation.plan import MONTHS_OF_VALUES, Bodies, Country, Sizes, TooMuch

DAY = date(2026, 11, 20)


def a_country(**sizes: int) -> Country:
    asked = {"organisations": 12, "documents": 2, "tasks": 40, "values": 500, "reports": 100, "seed": 1} | sizes
    return Country(Sizes(**asked, until=DAY))  # type: ignore[arg-type]


@given(st.integers(1, 5_000), st.integers(0, 20_000), st.integers(0, 9))
def test_reports_add_up_to_what_was_asked_or_the_plan_is_refused(tasks: int, reports: int, seed: int) -> None:
    country = a_country(tasks=tasks, reports=reports, seed=seed)
    if reports > 36 * tasks * 94 // 100:
        with pytest.raises(TooMuch, match="reports"):
            country.periods  # noqa: B018
        return
    lives, periods = country.lives, country.periods
    sent = country.always_sent(lives, country.ages) + sum(each.first + each.again for each in periods)
    assert sent == reports
    assert all(each.first <= country.ordinary for each in periods)
    assert all(each.period.end < country.sizes.until for each in periods)


@given(st.integers(1, 400))
def test_ranks_are_a_permutation(tasks: int) -> None:
    country = a_country(tasks=tasks, reports=0)
    factor, offset = country.step
    assert sorted((factor * i + offset) % tasks for i in range(tasks)) == list(range(tasks))


@given(st.integers(0, 100_000), st.integers(8, 20_000))
def test_values_add_up(values: int, organisations: int) -> None:
    country = a_country(values=values, organisations=organisations)
    written = sum(country.lines_in(month) for month in range(MONTHS_OF_VALUES))
    assert written + country.corrections == values
    series = country.of_communes * country.bodies.communes + country.of_provinces * (country.bodies.provinces + 1)
    assert series >= country.lines


@given(st.integers(8, 25_000))
def test_every_body_stands_below_an_earlier_one(total: int) -> None:
    bodies = Bodies(total)
    parents = {pk: bodies.parent_of(pk) for pk in range(1, total + 1)}
    assert [pk for pk, parent in parents.items() if parent is None] == [1]
    assert all(parent < pk for pk, parent in parents.items() if parent)


@given(st.integers(8, 25_000))
def test_a_commune_is_taken_over_by_one_of_the_same_province_that_goes_on(total: int) -> None:
    bodies = Bodies(total)
    heirs = {place: bodies.heir_of(place) for place in range(bodies.communes)}
    for place, heir in heirs.items():
        if heir is not None:
            assert heirs[heir] is None
            assert bodies.parent_of(bodies.first_commune + heir) == bodies.parent_of(bodies.first_commune + place)


def test_the_whole_country() -> None:
    country = a_country(organisations=20_000, documents=60, tasks=1_000_000, values=10_000_000, reports=5_000_000)
    bodies = country.bodies
    assert (bodies.provinces, bodies.ministries, bodies.communes) == (34, 60, 3_321)
    assert sum(bodies.heir_of(place) is not None for place in range(bodies.communes)) == 66
    assert (country.ages, country.programmes) == (6, 9_021)
    assert (country.of_communes, country.of_provinces) == (28, 2_058)
    assert country.merged_on == date(2026, 8, 16)
    assert country.issued_on == date(2026, 5, 5)


@pytest.mark.parametrize(
    ("size", "count"), [("organisations", 7), ("documents", 0), ("tasks", -1), ("values", -1), ("reports", 5_000)]
)
def test_sizes_that_do_not_go_together_name_what_to_change(size: str, count: int) -> None:
    with pytest.raises(TooMuch) as refused:
        assert a_country(**{size: count}).periods
    assert refused.value.field == size


def test_after_its_day_a_month_is_reported_on_and_before_it_is_owed() -> None:
    before = Country(Sizes(12, 2, 40, 500, 100, 1, date(2026, 11, 23)))
    after = Country(Sizes(12, 2, 40, 500, 100, 1, date(2026, 11, 23) + timedelta(days=1)))
    assert before.open_period is not None
    assert (before.open_period.key, before.periods[0].period.key) == ("2026-11", "2026-10")
    assert (after.open_period, after.periods[0].period.key) == (None, "2026-11")
