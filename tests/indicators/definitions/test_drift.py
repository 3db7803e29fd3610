"""Differences between documents, in plain words, with both citations; nothing is merged by itself."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.drift import Gap, Kind, Promise, Tie, differences, drifts, likeness
from thucthi.kernel.values import Bound, Direction, Operator


def promise(code: str, document: str, operator: str, amount: object, **other: object) -> Promise:
    made = Promise(
        code=code,
        indicator="tfp",
        name="Đóng góp của TFP vào tăng trưởng",
        unit="%",
        direction=Direction.RISE,
        bound=bound(operator, amount),
        year=2030,
        scope="",
        document=document,
        place="II.1",
        words="…",
    )
    return replace(made, **other)


def bound(operator: str, amount: object) -> Bound:
    value = Decimal(str(amount))
    from_above = operator in {"<", "<="}
    return Bound(Operator(operator), None if from_above else value, value if from_above else None)


def kinds(found: Promise, other: Promise) -> list[Kind]:
    return [difference.kind for difference in differences(found, other)]


def test_over_55_that_became_at_least_55_is_listed_as_a_little_looser() -> None:
    found = drifts([promise("a", "nq57", ">", 55), promise("b", "03-nq-cp", ">=", 55)])
    assert [(row.tie, row.one.document, row.other.document) for row in found] == [(Tie.SAME, "nq57", "03-nq-cp")]
    said = found[0].differences[0]
    assert (said.kind, said.given["amount"]) == (Kind.OPERATOR, 55)
    assert said.text % {"one": "> 55 %", "other": "≥ 55 %", "amount": "55"} == (
        "> 55 % thành ≥ 55 %: hơi nới, đúng 55 cũng đạt."
    )


def test_two_levels_of_one_index_differ_by_their_amount() -> None:
    found = drifts([promise("a", "nq57", ">", "0.7"), promise("b", "cthd14", "=", "0.8")])
    said = found[0].differences[0]
    assert (said.kind, said.given["gap"]) == (Kind.AMOUNT, Gap(Decimal("0.1"), "%"))
    assert "đòi hỏi cao hơn" in said.text


@pytest.mark.parametrize(
    ("operator", "other", "word"),
    [
        (">", ">=", "hơi nới"),
        (">=", ">", "hơi siết"),
        ("<", "<=", "hơi nới"),
        ("=", "about", "không còn mức rõ"),
        ("about", ">=", "rõ hơn"),
        ("=", ">=", "cách ràng buộc khác nhau"),
        (">=", "<=", "cách ràng buộc khác nhau"),
    ],
)
def test_each_change_of_words_is_said_plainly(operator: str, other: str, word: str) -> None:
    said = differences(promise("a", "x", operator, 80), promise("b", "y", other, 80))
    assert [difference.kind for difference in said] == [Kind.OPERATOR]
    assert word in said[0].text


def test_less_is_more_for_a_falling_indicator() -> None:
    one, other = promise("a", "x", "<=", 5), promise("b", "y", "<=", 3)
    falling = [replace(row, direction=Direction.FALL) for row in (one, other)]
    assert "đòi hỏi cao hơn" in differences(*falling)[0].text
    assert "đòi hỏi" not in differences(*[replace(row, direction=Direction.HOLD) for row in falling])[0].text


def test_year_scope_and_unit_are_differences_too() -> None:
    one = promise("a", "x", ">=", 80)
    assert kinds(one, replace(one, code="b", document="y")) == []
    assert kinds(one, promise("b", "y", ">=", 80, year=2035)) == [Kind.YEAR]
    assert kinds(one, promise("b", "y", ">=", 80, year=None)) == [Kind.YEAR]
    assert kinds(one, promise("b", "y", ">=", 80, scope="từng tỉnh")) == [Kind.SCOPE]
    assert kinds(one, promise("b", "y", ">=", 90, unit="người")) == [Kind.UNIT]


def test_each_target_is_held_against_the_one_of_its_own_year() -> None:
    here = [promise("a30", "x", ">=", 30), promise("a45", "x", ">=", 50, year=2045)]
    there = [promise("b30", "y", ">=", 30), promise("b45", "y", ">=", 55, year=2045)]
    assert [(row.one.code, row.other.code) for row in drifts([*here, *there])] == [("a45", "b45")]
    lonely = drifts([here[0], there[1]])
    assert [part.kind for part in lonely[0].differences] == [Kind.AMOUNT, Kind.YEAR]


def test_what_provinces_owe_for_their_part_is_no_difference() -> None:
    country = promise("a", "x", ">=", 30)
    parts = [promise(f"b{n}", "y", ">=", n, scope=f"Tỉnh {n}") for n in range(30)]
    told = drifts([country, *parts])
    assert [(row.one.code, row.other.code) for row in told] == [("a", "b0")]
    assert Kind.SCOPE in [part.kind for part in told[0].differences]
    assert [row.other.code for row in drifts([country, *parts, promise("b", "y", ">=", 40, year=2031)])] == ["b"]


def test_declared_sameness_ties_and_a_chain_of_it_too() -> None:
    one = promise("a", "x", ">=", 80)
    other = promise("b", "y", ">=", 90, indicator="khac", name="Tên hẳn khác", declared=frozenset({"tfp"}))
    third = promise("c", "z", ">=", 90, indicator="nua", name="Nữa", declared=frozenset({"khac", "khong-co"}))
    found = drifts([one, other, third])
    assert [(row.tie, row.one.code, row.other.code) for row in found] == [
        (Tie.DECLARED, "a", "b"),
        (Tie.DECLARED, "a", "c"),
    ]


def test_alike_names_are_suggested_once_and_say_where_they_differ() -> None:
    region = promise("a", "x", "<=", 3, name="Thứ hạng năng lực cạnh tranh số trong Đông Nam Á", unit="hạng")
    world = promise(
        "b", "y", "<=", 50, indicator="tg", name="Thứ hạng năng lực cạnh tranh số trong khu vực châu Á", unit="hạng"
    )
    assert likeness(region.name, world.name) >= 70
    near = replace(world, name="Thứ hạng năng lực cạnh tranh số của Đông Nam Á")
    found = drifts([region, near])
    assert [row.tie for row in found] == [Tie.ALIKE]
    words = found[0].differences[-1]
    assert (words.kind, words.given) == (Kind.WORDS, {"one": "trong", "other": "của"})
    assert drifts([region, replace(near, unit="điểm")]) == []
    assert drifts([region, replace(near, document="x")]) == []


@settings(deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([">", ">=", "="]), st.sampled_from([">", ">=", "="]))
def test_there_is_a_difference_exactly_when_something_differs(one: int, other: int, sign: str, other_sign: str) -> None:
    here, there = promise("a", "x", sign, one), promise("b", "y", other_sign, other)
    assert bool(drifts([here, there])) is ((one, sign) != (other, other_sign))
    assert kinds(here, there) == kinds(there, here)
