"""Which issue a day belongs to, and what a reviewer compares."""

from datetime import date
from decimal import Decimal

from thucthi.publication.calculations.comparison import (
    BodyLine,
    CountDifference,
    Difference,
    FigureLine,
    IssueSummary,
    ObstacleLine,
    Odd,
    Oddity,
    TaskDifference,
    TaskLine,
    differences,
)
from thucthi.publication.calculations.issues import issue_of, trend_days


def test_weekly_issue() -> None:
    issue = issue_of("weekly", date(2026, 11, 22))
    assert (issue.key, issue.since, issue.next_update) == ("2026-W47", date(2026, 11, 15), date(2026, 11, 27))


def test_monthly_issue() -> None:
    issue = issue_of("monthly", date(2026, 12, 31))
    assert (issue.key, issue.label_en, issue.since) == ("2026-12", "Month 12/2026", date(2026, 11, 30))


def test_trend_days() -> None:
    assert trend_days("monthly", date(2026, 3, 15), 3) == [
        ("2026-01", date(2026, 1, 31)),
        ("2026-02", date(2026, 2, 28)),
        ("2026-03", date(2026, 3, 15)),
    ]
    assert [key for key, _ in trend_days("weekly", date(2026, 1, 4), 2)] == ["2025-W52", "2026-W01"]


def line(code: str, schedule: str) -> TaskLine:
    return TaskLine(code, code, "in_progress", schedule, "reported")


def test_differences() -> None:
    before = IssueSummary("a", {"total": 2}, {"x": line("x", "on_time"), "y": line("y", "on_time")})
    after = IssueSummary("b", {"total": 2, "owed": 1}, {"x": line("x", "overdue"), "z": line("z", "on_time")})
    found = differences(before, after)
    assert found.counts == (CountDifference("total", 2, 2), CountDifference("owed", None, 1))
    assert found.tasks == (
        TaskDifference(before.tasks["x"], after.tasks["x"]),
        TaskDifference(before.tasks["y"], None),
        TaskDifference(None, after.tasks["z"]),
    )
    assert differences(None, after).tasks == ()


def figure(period: str, amount: str, direction: str = "rise", **earlier: str) -> FigureLine:
    amounts = {key.replace("_", "-"): Decimal(value) for key, value in earlier.items()}
    return FigureLine("ct", "Chỉ tiêu", period, Decimal(amount), direction, {**amounts, period: Decimal(amount)})


def test_what_looks_odd() -> None:
    before = IssueSummary(
        "a",
        {"total": 100, "owed": 50, "few": 4},
        {"x": line("x", "on_time"), "y": line("y", "on_time")},
        {"ct": figure("2026-Q1", "30")},
        facts={("x", "2026-W40"): "accepted 35", ("x", "2026-W41"): "accepted 40"},
    )
    after = IssueSummary(
        "b",
        {"total": 120, "owed": 61, "few": 9},
        {"x": line("x", "on_time")},
        {"ct": figure("2026-Q2", "29", **{"2026_Q1": "31"})},
        facts={("x", "2026-W40"): "accepted 30", ("x", "2026-W41"): "accepted 40"},
    )
    # 20 of 100 is a fifth and not more; 5 more of 4 is a handful.
    assert differences(before, after).odd == (
        Odd(Oddity.COUNT_MOVED, "owed", "50", "61"),
        Odd(Oddity.FIGURE_REVISED, "ct", "30", "31", "2026-Q1"),
        Odd(Oddity.FIGURE_FELL, "ct", "30", "29", "2026-Q2"),
        Odd(Oddity.FACT_REVISED, "x", "accepted 35", "accepted 30", "2026-W40"),
        Odd(Oddity.TASK_VANISHED, "y", "y", ""),
    )
    assert differences(before, before).odd == ()
    assert differences(None, after).odd == ()


def test_less_is_better_where_the_aim_is_less() -> None:
    before = IssueSummary("a", {}, {}, {"ct": figure("2026-Q1", "30", "fall")})
    better = IssueSummary("b", {}, {}, {"ct": figure("2026-Q2", "29", "fall")})
    worse = IssueSummary("b", {}, {}, {"ct": figure("2026-Q2", "31", "fall")})
    assert differences(before, better).odd == ()
    assert [each.kind for each in differences(before, worse).odd] == [Oddity.FIGURE_FELL]


def test_figures_organisations_and_obstacles_that_stand_differently() -> None:
    body, moved = BodyLine("bkhcn", "Bộ KH&CN", 3, 1, 0), BodyLine("bkhcn", "Bộ KH&CN", 3, 2, 0)
    stuck, removed = ObstacleLine("vm-1", "Đất", "waiting"), ObstacleLine("vm-1", "Đất", "removed")
    before = IssueSummary("a", {}, {}, bodies={"bkhcn": body}, obstacles={"vm-1": stuck})
    after = IssueSummary("b", {}, {}, bodies={"bkhcn": moved}, obstacles={"vm-1": removed})
    found = differences(before, after)
    assert found.bodies == (Difference(body, moved),)
    assert found.obstacles == (Difference(stuck, removed),)
    assert found.figures == ()
