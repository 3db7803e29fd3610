"""Facts that do not fit together: each check with the smallest data that raises it, and with what must not."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from thucthi.monitoring.calculations.honesty.facts_of_tasks import questions_of_reports
from thucthi.monitoring.calculations.honesty.facts_of_values import (
    Eased,
    Family,
    Published,
    questions_of_families,
    questions_of_targets,
    questions_of_values,
)
from thucthi.monitoring.calculations.honesty.shapes import Known, Question, Stated

DAY = date(2026, 6, 5)
REPORT = Stated(
    report_id=1, task="viec", organisation_id=7, period="2026-W23", on=DAY, due_on=DAY, progress=Decimal(40),
    claims_completion=False, note="", verdict="", digests=(), started_on=None, measured=None,
)  # fmt: skip
DONE = replace(REPORT, progress=Decimal(100), digests=("a",))
VALUE = Known(
    row_id=1, corrects=None, indicator="5g", organisation_id=7, period="2026-05", period_end=date(2026, 5, 31),
    measure="ratio", amount=Decimal(50), numerator=None, denominator=None, scale=Decimal(100), direction="rise",
    available_on=date(2026, 6, 10), due_on=date(2026, 6, 30), recorded_on=date(2026, 6, 10),
)  # fmt: skip


def next_week(row: Stated, weeks: int = 1, **other: object) -> Stated:
    later = {"report_id": row.report_id + weeks, "period": f"2026-W{23 + weeks}", "on": DAY + timedelta(days=7 * weeks)}
    return replace(row, **(later | other))


def asked(questions: list[Question]) -> list[tuple[str, str, str]]:
    return [(question.check, question.period, question.subject) for question in questions]


@pytest.mark.parametrize(
    ("rows", "checks"),
    [
        ([replace(REPORT, progress=Decimal(100))], ["done_without_evidence"]),
        ([replace(REPORT, claims_completion=True)], ["done_without_evidence"]),
        ([DONE], []),
        ([replace(DONE, verdict="returned")], ["done_without_evidence"]),
        ([replace(REPORT, progress=Decimal(100)), next_week(REPORT)], ["falling_progress"]),
        ([replace(REPORT, verdict="returned"), next_week(REPORT, progress=Decimal(30))], []),
        ([REPORT, next_week(REPORT)], []),
        ([replace(REPORT, progress=Decimal(130)), next_week(REPORT, progress=Decimal(140), digests=("a",))],
         ["above_hundred"]),
        ([replace(DONE, measured=Decimal(0))], ["done_but_unmoved"]),
        ([replace(DONE, measured=Decimal("0.1"))], []),
        ([replace(DONE, started_on=DAY + timedelta(1))], ["done_before_start"]),
        ([replace(DONE, started_on=DAY)], []),
    ],
)  # fmt: skip
def test_what_a_task_says_of_itself(rows: list[Stated], checks: list[str]) -> None:
    found = [question.check for question in questions_of_reports(rows)]
    # Only what the case is about: a 130 % report is also said to be done.
    assert [check for check in found if check != "reused_evidence"] == checks


def test_the_same_file_is_asked_about_once_with_all_its_rows() -> None:
    other = replace(REPORT, report_id=5, task="viec-khac", digests=("a", "b"), on=DAY + timedelta(1))
    found = questions_of_reports([replace(REPORT, digests=("a", "b")), other])
    assert asked(found) == [("reused_evidence", "2026-W23", "viec-khac")]
    assert [trace.key for trace in found[0].traces] == ["1", "5"]
    assert found[0].numbers == {"n": 2}
    assert questions_of_reports([replace(REPORT, digests=("a", "a"))]) == []
    elsewhere = replace(other, organisation_id=8)
    assert questions_of_reports([replace(REPORT, digests=("a",)), elsewhere]) == []


def test_the_same_words_are_asked_about_only_when_there_are_enough_of_them() -> None:
    words = "Đã triển khai theo kế hoạch,  đang hoàn thiện hồ sơ trình duyệt."
    rows = [replace(REPORT, note=words), next_week(REPORT, note=words.upper().replace("  ", " "))]
    assert asked(questions_of_reports(rows)) == [("reused_text", "2026-W24", "viec")]
    assert (
        questions_of_reports([replace(REPORT, note="Không có gì mới."), next_week(REPORT, note="Không có gì mới.")])
        == []
    )


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "is_asked"),
    [("33", "1", "3", False), ("33.3", "1", "3", False), ("34", "1", "3", True), ("33.30", "1", "3", False),
     ("33.4", "1", "3", True), ("0", "0", "3", False), ("300", "3", "1", False), ("30", "1", "3", True)],
)  # fmt: skip
def test_numerator_and_denominator_give_the_amount_within_its_rounding(
    amount: str, numerator: str, denominator: str, is_asked: bool
) -> None:
    row = replace(VALUE, amount=Decimal(amount), numerator=Decimal(numerator), denominator=Decimal(denominator))
    assert (asked(questions_of_values([row])) == [("parts_do_not_give_amount", "2026-05", "5g")]) is is_asked


def test_what_was_corrected_is_not_asked_for_its_parts_again() -> None:
    wrong = replace(VALUE, amount=Decimal(34), numerator=Decimal(1), denominator=Decimal(3), stands=False)
    right = replace(wrong, row_id=2, corrects=1, amount=Decimal(33), available_on=date(2026, 6, 20), stands=True)
    assert questions_of_values([wrong, right]) == []


def test_a_value_typed_in_long_after_it_is_said_to_be_known() -> None:
    assert questions_of_values([replace(VALUE, recorded_on=date(2026, 6, 17))]) == []
    late = questions_of_values([replace(VALUE, recorded_on=date(2026, 6, 18))])
    assert asked(late) == [("back_dated", "2026-05", "5g")]
    assert questions_of_values([replace(VALUE, recorded_on=None)]) == []


def test_corrections_after_publication_and_after_the_deadline() -> None:
    issue = Published(as_of=date(2026, 6, 12), on=date(2026, 6, 15))
    better = replace(VALUE, row_id=2, corrects=1, amount=Decimal(60), available_on=date(2026, 7, 5), recorded_on=None)
    found = questions_of_values([VALUE, better], [issue])
    assert [question.check for question in found] == ["corrected_after_publication", "edited_after_deadline"]
    assert (found[0].traces[0].number, found[0].traces[0].against) == (Decimal(60), Decimal(50))
    assert questions_of_values([VALUE, replace(better, is_from_dispute=True)], [issue]) == []
    assert questions_of_values([VALUE, replace(better, amount=Decimal(40))]) == []
    assert questions_of_values([VALUE, replace(better, amount=Decimal("50.5"))], [issue]) == []
    assert [
        q.check for q in questions_of_values([VALUE, replace(better, available_on=date(2026, 6, 14))], [issue])
    ] == []
    falling = [replace(row, direction="fall") for row in (VALUE, replace(better, amount=Decimal(40)))]
    assert [q.check for q in questions_of_values(falling)] == ["edited_after_deadline"]


def test_a_denominator_that_changes_and_helps() -> None:
    first = replace(VALUE, amount=Decimal(50), numerator=Decimal(50), denominator=Decimal(100))
    helped = replace(
        first, row_id=2, corrects=1, amount=Decimal("62.5"), denominator=Decimal(80), available_on=date(2026, 6, 20)
    )
    assert asked(questions_of_values([first, helped])) == [("denominator_changed", "2026-05", "5g")]
    little = replace(helped, amount=Decimal("52.08"), denominator=Decimal(96))
    assert questions_of_values([first, little]) == []


EASED = Eased(
    7, "5g-2026", "5g", "rise", date(2026, 9, 1), (">=", Decimal(80), None, 2026), (">=", Decimal(70), None, 2026)
)
FALLING = replace(EASED, direction="fall", old=("<=", None, Decimal(5), 2026))


@pytest.mark.parametrize(
    ("change", "is_asked"),
    [
        (EASED, True),
        (replace(EASED, decided_on=date(2025, 12, 31)), False),
        (replace(EASED, new=(">=", Decimal(90), None, 2026)), False),
        (replace(EASED, new=(">=", Decimal(80), None, 2027)), True),
        (replace(FALLING, new=("<=", None, Decimal(6), 2026)), True),
        (replace(FALLING, new=("<=", None, Decimal(4), 2026)), False),
        (replace(EASED, old=(">=", Decimal(80), None, None)), False),
    ],
)  # fmt: skip
def test_a_target_made_easier_once_its_year_has_come(change: Eased, is_asked: bool) -> None:
    assert bool(questions_of_targets([change])) is is_asked


def test_a_parent_is_asked_only_when_all_its_parts_are_there() -> None:
    parts = (Decimal(30), Decimal(12))
    family = Family(7, "5g", "2026-05", date(2026, 5, 31), Decimal(50), parts, 2, "sum")
    (question,) = questions_of_families([family])
    assert (question.traces[0].number, question.traces[0].against) == (Decimal(50), Decimal(42))
    assert questions_of_families([replace(family, expected=3)]) == []
    rounded = replace(family, own=Decimal("42.1"), parts=(Decimal("30.4"), Decimal("11.6")))
    assert questions_of_families([rounded]) == []
    assert len(questions_of_families([replace(rounded, own=Decimal("42.2"))])) == 1
    assert questions_of_families([replace(family, operator="max", own=Decimal(30))]) == []
    assert questions_of_families([replace(family, operator="weighted_mean")]) == []
