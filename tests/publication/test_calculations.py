"""Which issue a day belongs to, and what a reviewer compares."""

from datetime import date

from thucthi.publication.calculations.comparison import (
    CountDifference,
    IssueSummary,
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
