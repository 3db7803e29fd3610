"""The table of trust tells a bar that stands from one that fell or that nobody measured."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.trust.bars import BARS, bar, lines, standings


def report(name: str, *, planted: bool = False, passed: bool = True, measured: str = "") -> Any:
    told = [("bar", name), ("planted", planted), *([("measured", measured)] if measured else [])]
    return SimpleNamespace(passed=passed, user_properties=told)


def test_a_bar_stands_with_its_tests_and_its_planted_fault() -> None:
    found = standings([report("B28", measured="120 addresses"), report("B28", planted=True)])
    (line,) = [row for row in lines(found) if row.startswith("B28")]
    assert line == f"B28  yes ✓        1        1  {BARS['B28']} · 120 addresses"


@pytest.mark.parametrize(
    "reports",
    [[], [report("B1")], [report("B1", planted=True)], [report("B1"), report("B1", planted=True, passed=False)]],
    ids=["nothing", "no planted fault", "only the planted fault", "the planted fault was not seen"],
)
def test_a_bar_without_proof_does_not_stand(reports: list[Any]) -> None:
    assert not (standings(reports)["B1"].stands if reports else False)
    (line,) = [row for row in lines(standings(reports)) if row.startswith("B1 ")]
    assert "NO ✗" in line


def test_an_unknown_bar_cannot_be_claimed() -> None:
    with pytest.raises(KeyError):
        bar("B99")
