"""The page that says what was computed from what, so that anyone can do it again and hold the files against ours."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from thucthi.publication.analysis.classes import LEAST as LEAST_OF_A_CLASS
from thucthi.publication.analysis.honesty import FAMILIES
from thucthi.publication.analysis.honesty import LEAST as LEAST_OF_A_SIGNAL
from thucthi.publication.analysis.shapes import Answer, Row
from thucthi.publication.analysis.words import N_, SIGNALS
from thucthi.publication.analysis.writing import Written

Said = Callable[[str], str]
Counts = Mapping[str, str | int | None]
WHOLE = 3


@dataclass(frozen=True, slots=True)
class Basis:
    """What was read, and with what."""

    issue: str
    as_of: str
    manifest: str
    simulated: bool
    engine: str


def summary_of(
    basis: Basis, answers: Sequence[Answer], rows: Mapping[str, Sequence[Row]], files: Sequence[Written], said: Said
) -> str:
    """Markdown in the language of `said`. Only the line about the engine depends on the engine."""
    found = {each.name: [dict(zip(each.columns, row, strict=True)) for row in rows[each.name]] for each in answers}
    parts = (
        _head(basis, said),
        _classes(found["reference_classes"], said),
        _signals(found["honesty_signals"], said),
        _copies(found["copies_exact"], found["copies_near"], said),
        _files(files, said),
    )
    return "\n".join(line for part in parts for line in part)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
    yield ""


def _head(basis: Basis, said: Said) -> Iterator[str]:
    yield f"# {said(N_('Phân tích kỳ công bố'))} {basis.issue}"
    yield ""
    if basis.simulated:
        yield f"**{said(N_('Số liệu của kỳ này là mô phỏng.'))}**"
        yield ""
    yield f"- {said(N_('Số liệu đến ngày'))}: {basis.as_of}"
    yield f"- {said(N_('Mã bản kê (SHA-256 của manifest.json)'))}: `{basis.manifest}`"
    yield f"- {said(N_('Công cụ tính'))}: {basis.engine}"
    yield f"- {said(N_('Làm lại'))}: `thucthi analyse {said(N_('THƯ-MỤC-CỦA-KỲ'))}`"
    yield ""


def _classes(rows: Sequence[Counts], said: Said) -> Iterator[str]:
    yield f"## {said(N_('Việc cùng loại đã kết thúc ra sao'))}"
    yield ""
    yield said(
        N_(
            "Chỉ tính nhiệm vụ mà thời hạn đầu tiên đã qua; dời hạn không xóa số ngày chậm. Việc còn mở được tính "
            "bằng số ngày đã chậm đến nay, nên các mức chậm là mức ít nhất. Nhóm có dưới %(least)s nhiệm vụ đến hạn "
            "thì dùng nhóm rộng hơn (tệp reference_classes_to_use)."
        )
    ) % {"least": LEAST_OF_A_CLASS}
    yield ""
    head = (N_("Loại"), N_("Đến hạn"), N_("Đúng hạn"), N_("Muộn"), N_("Còn mở"), N_("Chậm, trung vị (ngày)"))
    by_kind = [row for row in rows if row["width"] in (WHOLE - 1, WHOLE)]
    yield from _table(
        [said(each) for each in head],
        [[_known(row[name]) for name in ("kind", "due", "on_time", "late", "open", "slip_p50")] for row in by_kind],
    )


def _known(cell: object) -> object:
    return "–" if cell is None else cell


def _signals(rows: Sequence[Counts], said: Said) -> Iterator[str]:
    yield f"## {said(N_('Điều nên hỏi, không phải kết luận'))}"
    yield ""
    yield said(
        N_(
            "Một đơn vị nổi lên ở một dấu hiệu khi có ít nhất %(least)s dòng, ít nhất %(least)s đơn vị cùng loại để "
            "so, và tỷ lệ lớn hơn của ít nhất 95 %% trong số đó; như vậy đơn vị làm đúng cũng có thể nổi lên một lần "
            "trong hai mươi. Chỉ hỏi khi ít nhất %(families)s dấu hiệu không đo cùng một điều đều nổi lên. Máy không "
            "kết luận về ai."
        )
    ) % {"least": LEAST_OF_A_SIGNAL, "families": FAMILIES}
    yield ""
    head = (
        N_("Dấu hiệu"),
        N_("Số lần có"),
        N_("Trên"),
        N_("Tỷ lệ chung"),
        N_("Đơn vị so được"),
        N_("Nổi lên"),
        N_("Cũng có thể vì"),
    )
    yield from _table([said(each) for each in head], [_signal(each.code, rows, said) for each in SIGNALS])
    asked = {row["organisation"] for row in rows if row["asked"]}
    yield f"{said(N_('Số đơn vị nên được hỏi'))}: {len(asked)} / {len({row['organisation'] for row in rows})}."
    yield ""


def _signal(code: str, rows: Sequence[Counts], said: Said) -> Sequence[object]:
    words = next(each for each in SIGNALS if each.code == code)
    own = [row for row in rows if row["signal"] == code]
    cases, of = (sum(int(row[name] or 0) for row in own) for name in ("cases", "of"))
    return (
        said(words.title),
        cases,
        f"{of} {said(words.of)}",
        f"{cases * 1000 // of} ‰" if of else "–",
        sum(int(row["of"] or 0) >= LEAST_OF_A_SIGNAL for row in own),
        sum(int(row["stands_out"] or 0) for row in own),
        said(words.also),
    )


def _copies(exact: Sequence[Counts], near: Sequence[Counts], said: Said) -> Iterator[str]:
    yield f"## {said(N_('Nhiệm vụ giống nhau ở các đơn vị khác nhau'))}"
    yield ""
    yield said(
        N_(
            "So lời văn nhiệm vụ sau khi bỏ dấu, số và tên đơn vị. Giống nhau có thể vì cùng thực hiện một chỉ đạo; "
            "điều nên hỏi là việc ấy ở từng nơi khác nhau ra sao."
        )
    )
    yield ""
    copied = sum(int(each["tasks"] or 0) for each in exact)
    yield f"- {said(N_('Nhóm giống từng chữ'))}: {len(exact)} ({said(N_('nhiệm vụ'))}: {copied})"
    yield f"- {said(N_('Cặp gần giống (từ 700 ‰ cụm ba tiếng là chung)'))}: {len(near)}"
    yield ""


def _files(files: Sequence[Written], said: Said) -> Iterator[str]:
    yield f"## {said(N_('Các tệp'))}"
    yield ""
    yield said(N_("Mọi công cụ tính cho cùng những byte này. Tỷ lệ phần nghìn làm tròn xuống; số khác là số đếm."))
    yield ""
    head = [said(each) for each in (N_("Tệp"), N_("Dòng dữ liệu"), "SHA-256")]
    yield from _table(head, [(each.name, each.rows, f"`{each.sha256}`") for each in files])
