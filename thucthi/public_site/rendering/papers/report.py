"""The monthly report, from the frozen data and nothing else, in the words of an official paper (always Vietnamese)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from thucthi.kernel.paper_head import Head
from thucthi.kernel.values import format_vi
from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.indicators import Reading, read
from thucthi.public_site.rendering.pages import Reader, day
from thucthi.public_site.rendering.papers.content import (
    NONE_YET,
    MonthlyReport,
    Office,
    Section,
    Table,
    cut,
)
from thucthi.public_site.rendering.papers.owed import owed_section
from thucthi.public_site.rendering.papers.stuck import obstacle_section, request_section
from thucthi.publication.frozen import fields_of
from thucthi.publication.shapes import DocumentData, TallyData, TaskData

LATE = "Việc chậm và cơ quan chịu trách nhiệm"
DOCUMENT_HEADERS = (
    "Văn bản", "Ban hành", "Nhiệm vụ", "Hoàn thành", "Trong hạn", "Sắp đến hạn", "Quá hạn", "Chưa báo cáo",
)  # fmt: skip


def monthly_report(book: Book, reader: Reader, office: Office) -> MonthlyReport:
    header = book.data.header
    summary = f"Tình hình thực hiện các nghị quyết, {_lower_first(header.label_vi)}"
    return MonthlyReport(
        head=Head(office.issuer, office.superior, False, f"……/{office.symbol}", office.place, header.as_of),
        title=("BÁO CÁO", summary),
        opening=[_opening(book)],
        sections=[
            _promised(book, reader),
            _how_far(book, reader),
            _late(book, reader),
            obstacle_section(book, reader),
            owed_section(book, reader),
            _changes(book, reader),
            request_section(book, reader),
        ],
        closing=_closing(book),
        post=office.post,
        recipients=["Các cơ quan có tên trong báo cáo", "Cổng công khai (cùng kỳ công bố)", "Lưu: VT"],
        as_of=header.as_of,
        simulated=header.simulated,
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _opening(book: Book) -> str:
    header = book.data.header
    return (
        f"Báo cáo này được lập từ kỳ công bố {header.issue}, số liệu tính đến hết ngày {day(header.as_of)}. "
        f"Mọi con số đều tra lại được trên các trang và tệp dữ liệu của chính kỳ đó; số đứng sau dấu “/” là tổng số "
        f"mà số đứng trước là một phần. So sánh với kỳ trước là so với ngày {day(header.since)}."
    )


def _closing(book: Book) -> str:
    header = book.data.header
    return (
        f"Nguồn: kỳ công bố {header.issue}, số liệu đến ngày {day(header.as_of)}. Kỳ tiếp theo dự kiến ngày "
        f"{day(header.next_update)}. Sai sót, nếu có, được đính chính công khai và không sửa vào báo cáo đã phát hành."
    )


def _promised(book: Book, reader: Reader) -> Section:
    data, number = book.data, reader.number
    rows, note = cut([_document_row(reader, each) for each in data.documents], "Nghị quyết")
    return Section(
        "Những điều đã cam kết",
        [
            (
                f"Có {number(len(data.documents))} văn bản được theo dõi, {number(len(data.programmes))} chương trình "
                f"hành động công khai và {number(data.tally.total)} nhiệm vụ. Một nhiệm vụ có thể thực hiện nhiều văn "
                "bản, nên cộng các dòng của bảng có thể lớn hơn tổng số nhiệm vụ."
            )
        ],
        [
            Table(
                "Nhiệm vụ theo văn bản",
                (
                    "Văn bản",
                    "Ban hành",
                    "Nhiệm vụ",
                    "Hoàn thành",
                    "Trong hạn",
                    "Sắp đến hạn",
                    "Quá hạn",
                    "Chưa báo cáo",
                ),
                (41, 22, 17, 18, 16, 16, 16, 19),
                rows,
                note,
            )
        ],
    )


def _document_row(reader: Reader, document: DocumentData) -> Sequence[str]:
    tally = document.tally
    return (
        reader.document_name(document.slug),
        day(document.issued_on),
        reader.number(tally.total),
        reader.number(tally.done),
        reader.number(tally.schedules["on_time"]),
        reader.number(tally.schedules["due_soon"]),
        reader.number(tally.schedules["overdue"]),
        missing_of(reader, tally),
    )


def missing_of(reader: Reader, tally: TallyData) -> str:
    return f"{reader.number(tally.not_reported)}/{reader.number(tally.owed)}" if tally.owed else "không phải gửi"


def _how_far(book: Book, reader: Reader) -> Section:
    readings = [read(each, book.data.header.as_of.year) for each in book.data.indicators]
    known = sum(each.latest is not None for each in readings)
    rows, note = cut([_indicator_row(reader, each) for each in readings], "Chỉ tiêu")
    paragraphs = [reader.sentence(book.data.tally), *_rates(reader, book.data.tally)]
    paragraphs.append(
        f"Trong {reader.number(len(readings))} chỉ tiêu có mục tiêu, {reader.number(known)} đã có số liệu chính thức."
        if readings
        else "Chưa có chỉ tiêu nào được công bố."
    )
    headers = ("Chỉ tiêu", "Mục tiêu", "Số mới nhất (kỳ)", "Quãng đường đã đi", "Kết quả")
    tables = [Table("Chỉ tiêu và mục tiêu", headers, (50, 37, 34, 22, 22), rows, note)] if readings else []
    return Section("Kết quả đến nay", paragraphs, tables)


def _rates(reader: Reader, tally: TallyData) -> Iterable[str]:
    if tally.completion:
        done, of = reader.number(tally.completion.numerator), reader.number(tally.completion.denominator)
        yield f"Tỷ lệ hoàn thành: {done}/{of} nhiệm vụ phải hoàn thành."
    if tally.on_time:
        kept, of = reader.number(tally.on_time.numerator), reader.number(tally.on_time.denominator)
        yield f"Tỷ lệ đúng hạn: {kept}/{of} nhiệm vụ đã hoàn thành hoặc đã quá hạn. Hai tỷ lệ không cộng gộp với nhau."
    else:
        yield "Chưa có nhiệm vụ nào hoàn thành hoặc quá hạn, nên chưa có tỷ lệ đúng hạn."


def _indicator_row(reader: Reader, reading: Reading) -> Sequence[str]:
    indicator, target, latest = reading.indicator, reading.target, reading.latest
    newest = indicator.figures[-1] if indicator.figures else None
    if latest is not None and latest.amount is not None:
        figure = f"{reader.number(latest.amount)} {indicator.unit} ({reader.period(latest.period)})"
    else:
        figure = "không công bố" if newest and newest.state == "confidential" else "chưa có số liệu"
    year = f" ({target.year})" if target and target.year else ""
    met = {True: "đã đạt", False: "chưa đạt", None: "chưa kết luận được"}
    return (
        indicator.name,
        f"{target.wording_vi}{year}" if target else NONE_YET,
        figure,
        reader.percent(indicator.achievement) if indicator.achievement is not None else NONE_YET,
        met[target.met] if target else NONE_YET,
    )


def days_late(task: TaskData, as_of: date) -> int:
    """Calendar days since the deadline now in force; 0 without one."""
    return max((as_of - task.due_on).days, 0) if task.due_on else 0


def _late(book: Book, reader: Reader) -> Section:
    data = book.data
    late = book.longest_late_of(data.tasks)
    if not late:
        return Section(
            "Việc chậm và cơ quan chịu trách nhiệm", [f"Không có nhiệm vụ nào quá hạn ({_of(reader, 0, data.tally)})."]
        )
    bodies = Counter(code for _code, answering in fields_of(late, "code", "answering") for code in answering)
    people, people_note = cut([_body_row(book, reader, code, count) for code, count in _most(bodies)], "Đơn vị")
    shown, note = cut(late, "Nhiệm vụ quá hạn")
    rows = [_late_row(book, reader, task) for task in shown]
    return Section(
        LATE,
        [
            (
                f"{_of(reader, len(late), data.tally)} nhiệm vụ quá hạn. Bảng theo cơ quan nêu kèm tổng số việc cơ "
                "quan chủ trì, để số việc chậm được đọc cùng khối lượng; đây không phải bảng xếp hạng."
            )
        ],
        [
            Table(
                "Cơ quan có nhiệm vụ quá hạn",
                ("Cơ quan", "Người đứng đầu", "Quá hạn / chủ trì", "Chưa báo cáo"),
                (65, 50, 25, 25),
                people,
                people_note,
            ),
            Table(
                "Nhiệm vụ quá hạn",
                ("Nhiệm vụ", "Chủ trì", "Thời hạn", "Chậm (ngày)", "Tự báo cáo / nghiệm thu"),
                (60, 35, 24, 18, 28),
                rows,
                note,
            ),
        ],
    )


def _of(reader: Reader, count: int, tally: TallyData) -> str:
    return f"{reader.number(count)}/{reader.number(tally.total)}"


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _body_row(book: Book, reader: Reader, code: str, late: int) -> Sequence[str]:
    body = book.organisations.get(code)
    if body is None:
        return (code, NONE_YET, reader.number(late), NONE_YET)
    return (
        body.official_name,
        body.head_post or NONE_YET,
        f"{reader.number(late)}/{reader.number(body.own.total)}",
        missing_of(reader, body.own),
    )


def _late_row(book: Book, reader: Reader, task: TaskData) -> Sequence[str]:
    moves = [each for each in task.changes if each.field == "deadline"]
    moved = f"\n(đã lùi {len(moves)} lần, hạn đầu {day(moves[0].old_end)})" if moves else ""
    now = task.standing
    return (
        f"{task.text} [{task.code}]",
        reader.name(task.answering[0] if task.answering else task.lead),
        f"{day(task.due_on)}{moved}",
        format_vi(Decimal(days_late(task, book.data.header.as_of))),
        f"{_figure(reader, now.declared)} / {_figure(reader, now.accepted)}",
    )


def _figure(reader: Reader, amount: Decimal | None) -> str:
    return "chưa có" if amount is None else reader.percent(amount)


def _changes(book: Book, reader: Reader) -> Section:
    changes, header = book.data.changes, book.data.header
    lists = (
        ("Hoàn thành", changes.finished),
        ("Mới quá hạn", changes.newly_late),
        ("Mới giao", changes.newly_issued),
    )
    said = [f"Từ ngày {day(header.since)} đến ngày {day(header.as_of)}:"]
    said += [f"- {label}: {reader.number(len(codes))} nhiệm vụ{_named(codes)}." for label, codes in lists]
    said.append(f"- Điểm nghẽn đã gỡ: {reader.number(len(changes.unblocked))}{_named(changes.unblocked)}.")
    corrected = [each for each in book.data.corrections if each.announced_on > header.since]
    said += [f"- Đính chính kỳ {each.issue} (ngày {day(each.announced_on)}): {each.text}" for each in corrected]
    if not corrected:
        said.append("- Đính chính: không có.")
    return Section("Thay đổi so với kỳ trước", said)


def _named(codes: Sequence[str], most: int = 10) -> str:
    if not codes:
        return ""
    more = f" và {len(codes) - most} việc khác" if len(codes) > most else ""
    return f" ({', '.join(codes[:most])}{more})"
