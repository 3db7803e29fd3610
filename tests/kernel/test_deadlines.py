"""The words of deadline cells, form by form, and what no words may do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.deadlines import Deadline, DeadlineKind, is_checkable, parse_deadline

ISSUED_ON = date(2025, 11, 10)

# words | kind | start | end | precision | recurrence
FORMS = """
15/09/2026 | date | | 2026-09-15 | day |
01/01/2027 | date | | 2027-01-01 | day |
2026-09-15 | date | | 2026-09-15 | day |
15-9-2026 | date | | 2026-09-15 | day |
15.9.2026 | date | | 2026-09-15 | day |
15/9/26 | date | | 2026-09-15 | day |
ngày 05 tháng 3 năm 2026 | date | | 2026-03-05 | day |
chậm nhất ngày 05/3/2026 | date | | 2026-03-05 | day |
trước ngày 05/3/2026 | date | | 2026-03-05 | day |
Trước ngày 05/3/2026 | date | | 2026-03-05 | day |
Xong trước 05/3/2026 | date | | 2026-03-05 | day |
trong ngày 05 tháng 3 năm 2026 | date | | 2026-03-05 | day |
trước 17h00 ngày 05/3/2026 | date | | 2026-03-05 | day |
trước ngày 25 tháng 12 | date | | 2025-12-25 | day |
Trước 30/6 | date | | 2026-06-30 | day |
đến 31/12/2026 | date | | 2026-12-31 | day |
Tháng 12/2026 | month | | 2026-12-31 | month |
Tháng 02/2028 | month | | 2028-02-29 | month |
02/2027 | month | | 2027-02-28 | month |
6/2026 | month | | 2026-06-30 | month |
T9/2026 | month | | 2026-09-30 | month |
hoàn thành trong tháng 9 năm 2026 | month | | 2026-09-30 | month |
trước tháng 6/2026 | month | | 2026-05-31 | month |
từ nay đến tháng 6/2027 | month | | 2027-06-30 | month |
trong tháng 12 | month | | 2025-12-31 | month |
đầu tháng 8/2026 | month | | 2026-08-10 | month_part |
giữa tháng 8/2026 | month | | 2026-08-20 | month_part |
cuối tháng 8/2026 | month | | 2026-08-31 | month_part |
cuối tháng 7 hoặc đầu tháng 8/2026 | month | | 2026-08-10 | month_part |
Quý IV/2026 | quarter | | 2026-12-31 | quarter |
Quí IV-2026 | quarter | | 2026-12-31 | quarter |
Qúy IV/2026 | quarter | | 2026-12-31 | quarter |
Quý 4/2026 | quarter | | 2026-12-31 | quarter |
Q.III/2026 | quarter | | 2026-09-30 | quarter |
Quý III Năm 2026 | quarter | | 2026-09-30 | quarter |
QUÝ II NĂM 2026 | quarter | | 2026-06-30 | quarter |
trong quý I năm 2026 | quarter | | 2026-03-31 | quarter |
Hết quý I năm 2027 | quarter | | 2027-03-31 | quarter |
trước quý II/2026 | quarter | | 2026-03-31 | quarter |
Ban hành trong quý I/2027. Thực hiện rà soát (nếu có) | quarter | | 2027-03-31 | quarter |
hoàn thành trong tháng 6 và quý II/2026 | quarter | | 2026-06-30 | quarter |
Quý II/2026 Ngân sách | quarter | | 2026-06-30 | quarter |
6 tháng đầu năm 2026 | halfyear | | 2026-06-30 | halfyear |
06 tháng cuối năm 2026 | halfyear | | 2026-12-31 | halfyear |
nửa đầu năm 2026 | halfyear | | 2026-06-30 | halfyear |
2026 | year | | 2026-12-31 | year |
2026. | year | | 2026-12-31 | year |
Năm 2026 | year | | 2026-12-31 | year |
trong năm 2026 | year | | 2026-12-31 | year |
Trước năm 2030 | year | | 2029-12-31 | year |
đến năm 2030 | year | | 2030-12-31 | year |
Đến hết năm 2030 | year | | 2030-12-31 | year |
chậm nhất trong năm 2027 | year | | 2027-12-31 | year |
đến năm 2030, tầm nhìn đến năm 2045 | year | | 2030-12-31 | year |
Trong năm | year | | 2025-12-31 | year |
2026 - 2030 | range | 2026-01-01 | 2030-12-31 | year |
2026-2030 | range | 2026-01-01 | 2030-12-31 | year |
2026–2030 | range | 2026-01-01 | 2030-12-31 | year |
Năm 2026-2030 | range | 2026-01-01 | 2030-12-31 | year |
Giai đoạn 2026 - 2030 | range | 2026-01-01 | 2030-12-31 | year |
nhiệm kỳ 2025-2030 | range | 2025-01-01 | 2030-12-31 | year |
2026 - 2030, tầm nhìn đến năm 2045 | range | 2026-01-01 | 2030-12-31 | year |
Từ năm 2026 đến hết năm 2030 | range | 2026-01-01 | 2030-12-31 | year |
Từ năm 2026 đến trước năm 2030 | range | 2026-01-01 | 2029-12-31 | year |
Quý IV/2026- Quý II/2027 | range | 2026-10-01 | 2027-06-30 | quarter |
QUÝ IV/2026-QUÝ II/2027 | range | 2026-10-01 | 2027-06-30 | quarter |
Tháng 3 - tháng 6/2026 | range | 2026-03-01 | 2026-06-30 | month |
Tháng 11 - tháng 2/2027 | range | 2026-11-01 | 2027-02-28 | month |
Từ tháng 01/2026 đến tháng 12/2026 | range | 2026-01-01 | 2026-12-31 | month |
01/7/2026 - 31/12/2026 | range | 2026-07-01 | 2026-12-31 | day |
Năm học 2026-2027 | range | 2026-09-01 | 2027-05-31 | school_year |
từ năm học 2026-2027 | range | 2026-09-01 | | school_year |
2026 và những năm tiếp theo | range | 2026-01-01 | | year |
Năm 2026 và các năm tiếp theo | range | 2026-01-01 | | year |
từ năm 2026 trở đi | range | 2026-01-01 | | year |
Bắt đầu triển khai từ năm 2026 | range | 2026-01-01 | | year |
Sau năm 2030 | range | 2031-01-01 | | year |
Giai đoạn 2026 - 2027 và vận hành thường xuyên | range | 2026-01-01 | 2027-12-31 | year | ongoing
2026-2027 (báo cáo trước 15/11 hằng năm) | range | 2026-01-01 | 2027-12-31 | year | yearly@11-15
Quý IV năm 2026 và các năm tiếp theo | quarter | | 2026-12-31 | quarter | ongoing
hoàn thành trước năm 2027 và vận hành thường xuyên | year | | 2026-12-31 | year | ongoing
trước ngày 20 tháng 11 năm 2026 và hàng tháng | date | | 2026-11-20 | day | monthly
Thường xuyên | recurring | | | | ongoing
Nhiệm vụ thường xuyên | recurring | | | | ongoing
Thực hiện thường xuyên, liên tục | recurring | | | | ongoing
Hằng năm. | recurring | | | | yearly
Hàng năm | recurring | | | | yearly
hàng tuần | recurring | | | | weekly
Thường xuyên, hằng năm | recurring | | | | ongoing; yearly
Tháng 12 hằng năm | recurring | | | | yearly@12
Quý IV hằng năm | recurring | | | | yearly@Q4
6 tháng đầu năm hằng năm | recurring | | | | yearly@H1
Trước ngày 25 hằng tháng | recurring | | | | monthly@25
trước ngày 5 của tháng sau | recurring | | | | monthly@05
Thường xuyên, định kỳ hằng quý báo cáo về Sở | recurring | | | | ongoing; quarterly
Định kỳ quý, 6 tháng, năm | recurring | | | | quarterly; halfyear; yearly
định kỳ 6 tháng báo cáo | recurring | | | | halfyear
03 tháng/lần | recurring | | | | quarterly
01 lần/tuần | recurring | | | | weekly
Cuối quý | recurring | | | | quarterly
từng quý, từng năm | recurring | | | | quarterly; yearly
theo tuần và theo tháng | recurring | | | | weekly; monthly
trước ngày 15/12 hàng năm | recurring | | | | yearly@12-15
ngày 29/2 hằng năm | recurring | | | | yearly@02-29
trước ngày 15 tháng 6 và trước ngày 01 tháng 12 hằng năm | recurring | | | | yearly@06-15; yearly@12-01
trước ngày 30 tháng 01 của năm tiếp theo | recurring | | | | yearly@01-30
Triển khai từ năm 2026 và thực hiện thường xuyên | recurring | 2026-01-01 | | year | ongoing
Sau khi có Quy chế | event | | | |
tại Kỳ họp thứ 10 của Quốc hội | event | | | |
Khi có phát sinh. | event | | | |
khi có yêu cầu | event | | | |
trong thời hạn 30 ngày kể từ ngày nhận được | event | | | |
05 ngày làm việc sau khi có kết quả | event | | | |
sau 01 năm thực hiện | event | | | |
Giữa nhiệm kỳ | event | | | |
đột xuất theo yêu cầu của cấp có thẩm quyền | event | | | |
Theo lộ trình tại Kế hoạch số 12-KH/BCĐ | reference | | | |
Theo Kế hoạch riêng | reference | | | |
Theo kế hoạch | reference | | | |
Theo Nghị quyết số 57-NQ/TW ngày 22/12/2024 | reference | | | |
theo tiến độ chung | reference | | | |
"""


def _cases() -> list[tuple[str, ...]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in FORMS.strip().splitlines()]
    return [(*row, "")[:6] for row in rows]


@pytest.mark.parametrize("row", _cases(), ids=lambda row: row[0])
def test_form(row: tuple[str, ...]) -> None:
    words, kind, start, end, precision, recurrence = row
    deadline = parse_deadline(words, issued_on=ISSUED_ON)
    assert deadline == Deadline(
        kind=DeadlineKind(kind),
        raw=words,
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=precision,
        recurrence=recurrence or None,
        trigger=words.rstrip(".") if kind in ("event", "reference") else None,
    )
    assert is_checkable(deadline) is bool(end)
    assert not deadline.is_unreadable


@pytest.mark.parametrize(
    ("words", "milestones", "end"),
    [
        ("Đến năm 2030, xong 100 km; đến năm 2035, xong 300 km", [date(2030, 12, 31)], date(2035, 12, 31)),
        ("2026, 2027", [date(2026, 12, 31)], date(2027, 12, 31)),
        ("Quý I, II/2026", [date(2026, 3, 31)], date(2026, 6, 30)),
        ("Tháng 5, 6/2026", [date(2026, 5, 31)], date(2026, 6, 30)),
        ("trong tháng 12 năm 2025, thực hiện trong năm 2026", [date(2025, 12, 31)], date(2026, 12, 31)),
    ],
)
def test_earlier_last_days_are_milestones(words: str, milestones: list[date], end: date) -> None:
    deadline = parse_deadline(words)
    assert (list(deadline.milestones), deadline.end) == (milestones, end)


def test_the_latest_day_inside_a_period_replaces_its_last_day() -> None:
    deadline = parse_deadline("Trong quý II/2026, chậm nhất 20/6/2026")
    assert (deadline.kind, deadline.end, deadline.milestones) == (DeadlineKind.DATE, date(2026, 6, 20), ())


def test_what_begins_after_the_end_does_not_move_it() -> None:
    deadline = parse_deadline("Hoàn thành trước ngày 31/12/2026, áp dụng từ ngày 01/01/2027")
    assert (deadline.kind, deadline.start, deadline.end) == (DeadlineKind.DATE, None, date(2026, 12, 31))


def test_dates_of_cited_documents_and_years_in_names_are_no_deadlines() -> None:
    cited = parse_deadline("Thay thế Nghị định số 61/2018/NĐ-CP ngày 23/4/2018, trình trước ngày 30/6/2026")
    named = parse_deadline("Trình Đề án sắp xếp đơn vị năm 2025 trước ngày 08/4/2026")
    assert (cited.end, named.end) == (date(2026, 6, 30), date(2026, 4, 8))
    assert (cited.milestones, named.milestones) == ((), ())


@pytest.mark.parametrize("words", ["", "  ", "-", "–", "…"])
def test_an_empty_cell_is_not_unreadable(words: str) -> None:
    assert parse_deadline(words) == Deadline(DeadlineKind.NONE, words)
    assert not parse_deadline(words).is_unreadable


@pytest.mark.parametrize(
    "words",
    [
        "31/6/2026",
        "29/02/2027",
        "tháng 13/2026",
        "Quý V/2026",
        "2030-2026",
        "ngày 31/02 hằng năm",
        "ngày 32 hằng tháng",
        "Ngày 31 tháng 4",
        "ngay lập tức",
        "càng sớm càng tốt",
        "trong vòng 30 ngày",
        "hoàn thành 2000 km đường",
        "trực 24/7",
    ],
)
def test_unreadable_words_are_kept_and_say_so(words: str) -> None:
    deadline = parse_deadline(words, issued_on=ISSUED_ON)
    assert deadline == Deadline(DeadlineKind.NONE, words)
    assert deadline.is_unreadable
    assert not is_checkable(deadline)


@pytest.mark.parametrize(
    ("words", "kind"), [("trước ngày 25 tháng 12", "date"), ("trong tháng 12", "month"), ("quý IV", "quarter")]
)
def test_without_a_year_and_a_document_date_there_is_no_last_day(words: str, kind: str) -> None:
    deadline = parse_deadline(words)
    assert (deadline.kind, deadline.end, is_checkable(deadline)) == (DeadlineKind(kind), None, False)
    assert not deadline.is_unreadable


def test_a_deadline_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Deadline(DeadlineKind.RANGE, "", start=date(2026, 1, 2), end=date(2026, 1, 1))


VOCABULARY = """
    trước đến từ trong ngày tháng quý năm 2026 2030 31 12 6 / - – , ; . ( ) và hoặc hằng định kỳ thường xuyên IV II
    30/6/2026 12/2026 học đầu cuối giữa chậm nhất tầm nhìn sau khi kể theo kế hoạch 57-NQ/TW lần tiếp trở đi T Q
"""
words_of_deadlines = st.sampled_from(VOCABULARY.split())
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1))


@given(st.text() | st.lists(words_of_deadlines, max_size=14).map(" ".join), st.none() | days)
def test_no_words_make_it_fail(words: str, issued_on: date | None) -> None:
    deadline = parse_deadline(words, issued_on=issued_on)
    assert deadline.raw == words
    assert not (deadline.start and deadline.end) or deadline.start <= deadline.end
    assert all(day < deadline.end for day in deadline.milestones if deadline.end)
    assert list(deadline.milestones) == sorted(set(deadline.milestones))
    assert is_checkable(deadline) is (deadline.end is not None)
    if deadline.kind is DeadlineKind.NONE:
        assert deadline == Deadline(DeadlineKind.NONE, words)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2149, 12, 31)), st.sampled_from(["", "trước ngày ", "ĐẾN "]))
def test_every_written_day_is_read_back(day: date, before: str) -> None:
    for written in (f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day.day}-{day.month}-{day.year}"):
        assert parse_deadline(before + written).end == day
    assert parse_deadline(f"ngày {day.day} tháng {day.month} năm {day.year}").end == day


@given(days)
def test_a_day_without_year_is_the_next_one(issued_on: date) -> None:
    for ahead in (0, 1, 100, 300):
        day = issued_on + timedelta(days=ahead)
        if (day.month, day.day) != (2, 29):
            assert parse_deadline(f"trước ngày {day.day}/{day.month}", issued_on=issued_on).end == day


@given(st.integers(1950, 2149), st.integers(1, 4))
def test_case_space_and_spelling_do_not_count(year: int, quarter: int) -> None:
    roman = ["I", "II", "III", "IV"][quarter - 1]
    ends = {
        parse_deadline(words).end
        for words in (
            f"Quý {roman}/{year}",
            f"QUÝ  {roman} / {year}",
            f"quí {roman.lower()} - {year}",
            f"Quý {quarter}–{year}",
            f"trong quý {roman} năm {year}",
        )
    }
    assert len(ends) == 1
    assert ends == {parse_deadline(f"tháng {3 * quarter}/{year}").end}
