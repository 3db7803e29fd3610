"""A reading as a person scans it in a terminal."""

from collections import Counter
from collections.abc import Iterator

from thucthi.intake.reading.shapes import HeaderRead, Reading, TargetRead, TaskRead

_UNKNOWN = "chưa rõ"
_VERDICT_MARKS = {"met": "●", "doubtful": "◐", "missing": "○"}
_CRITERIA = ("việc", "người", "trách nhiệm", "thẩm quyền", "thời gian", "kết quả", "nguồn lực")
_SHOWN_LETTERS = 96


def summary(reading: Reading) -> str:
    """Header, counts, each target and task on lines of its own, and what to look at."""
    return "\n".join(
        [
            *_header(reading.header),
            "",
            f"Điều khoản: {len(reading.clauses)} · Chỉ tiêu: {len(reading.targets)} · Nhiệm vụ: {len(reading.tasks)}",
            *_targets(reading.targets),
            *_tasks(reading.tasks),
            *(f"! {warned.where}: {warned.text}" for warned in reading.warnings),
        ]
    )


def _header(header: HeaderRead) -> Iterator[str]:
    yield f"Văn bản: {' '.join(part for part in (header.type, header.number) if part) or _UNKNOWN}"
    yield f"Cơ quan ban hành: {header.issuer or _UNKNOWN}"
    yield f"Ngày ban hành: {f'{header.issued_on:%d/%m/%Y}' if header.issued_on else _UNKNOWN}"
    yield f"Trích yếu: {header.title or _UNKNOWN}"
    cited = Counter(relation.kind.value for relation in header.relations)
    if cited:
        yield "Văn bản viện dẫn: " + ", ".join(f"{count} {kind}" for kind, count in sorted(cited.items()))


def _targets(targets: tuple[TargetRead, ...]) -> Iterator[str]:
    if targets:
        yield "\nCHỈ TIÊU"
    for target in targets:
        low, high = target.low, target.high
        value = f"{low}–{high}" if low is not None and high is not None else f"{low if low is not None else high}"
        year = f" (năm {target.year})" if target.year else ""
        fact = " · số đã đạt, không phải chỉ tiêu" if target.is_fact else ""
        unit = f" {target.unit}" if target.unit else ""
        yield f"  {_short(target.indicator)}: {target.operator.value} {value}{unit}{year}{fact}"


def _tasks(tasks: tuple[TaskRead, ...]) -> Iterator[str]:
    if tasks:
        yield f"\nNHIỆM VỤ (● rõ, ◐ chưa chắc, ○ thiếu: {', '.join(_CRITERIA)})"
    for place, task in enumerate(tasks, start=1):
        marks = "".join(_VERDICT_MARKS[verdict] for verdict in task.clarity.values())
        yield f"{place:4}. {marks} {_short(task.text)}"
        deadline = task.deadline.raw if task.deadline and task.deadline.raw else _UNKNOWN
        lead = "; ".join(task.lead) or _UNKNOWN
        product = _short(task.product or _UNKNOWN)
        yield f"      Chủ trì: {_short(lead)} · Thời hạn: {_short(deadline)} · Kết quả: {product}"
        yield from (f"      ? {doubt}" for doubt in task.doubts)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LETTERS else line[: _SHOWN_LETTERS - 1] + "…"
