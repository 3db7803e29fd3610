"""The grid of values: what is shown, and what a typed row says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators.calculations.reading import GoodRow, RawRow, Trouble, read_rows
from thucthi.indicators.selectors.entry import known_to, standing_texts
from thucthi.indicators.selectors.rows_to_fill import ToFill
from thucthi.kernel.periods import Span


@dataclass(frozen=True, slots=True)
class GridCell:
    """One input. `shown` is what stood when the page was made, `typed` what the person left in it."""

    span: Span
    shown: str
    typed: str
    is_faulty: bool = False

    @property
    def is_changed(self) -> bool:
        return " ".join(self.typed.split()) != self.shown


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with its inputs. `word` and `tone` say how far saving it has come; `told` are sentences beside it."""

    fill: ToFill
    cells: tuple[GridCell, ...]
    remark: str = ""
    word: str = ""
    tone: str = "neutral"
    told: tuple[str, ...] = ()

    @property
    def shown_json(self) -> str:
        """What the inputs showed, to be sent back with them: only what a person changed is read."""
        return json.dumps({cell.span.key: cell.shown for cell in self.cells if cell.shown}, ensure_ascii=False)

    @property
    def faulty_json(self) -> str:
        return json.dumps([cell.span.key for cell in self.cells if cell.is_faulty])

    @property
    def is_typed_in(self) -> bool:
        return any(cell.is_changed for cell in self.cells)


@dataclass(frozen=True)
class TypedRow:
    """What was typed into a row: good rows to record, or the sentences that say why not."""

    row: GridRow
    good: Sequence[GoodRow] = ()
    faults: Sequence[str] = ()
    warnings: Sequence[str] = ()
    faulty: frozenset[str] = field(default_factory=frozenset)


def grid_of(fills: Sequence[ToFill], spans: Sequence[Span]) -> list[GridRow]:
    """The rows as they stand."""
    texts = standing_texts([fill.line(span.key) for fill in fills for span in spans])
    return [
        GridRow(
            fill,
            tuple(GridCell(span, text, text) for span in spans for text in [texts.get(fill.line(span.key), "")]),
        )
        for fill in fills
    ]


def read_typed(viewer: Viewer, row: GridRow, posted: Mapping[str, str]) -> TypedRow:
    """Read what `posted` says of this row. Nothing of a row is good while anything in it is faulty.

    A cell that was not touched is not read, so that it cannot put back what somebody else corrected meanwhile.
    """
    key = row.fill.key
    shown = _shown(posted.get(f"was.{key}", ""))
    now = {cell.span.key: cell.shown for cell in row.cells}
    cells = tuple(
        replace(cell, shown=shown.get(cell.span.key, ""), typed=posted.get(f"o.{key}.{cell.span.key}", cell.shown))
        for cell in row.cells
    )
    remark = posted.get(f"ly-do.{key}", "")
    typed = replace(row, cells=cells, remark=remark)
    faults, faulty = _faults_of_touch(cells, now)
    raws = [
        RawRow(
            at, row.fill.indicator.code, row.fill.body_code, cell.span.key, cell.typed,
            source=posted.get("nguon", ""), remark=remark,
        )
        for at, cell in enumerate(cells)
        if cell.is_changed and cell.span.key not in faulty and " ".join(cell.typed.split()) != now[cell.span.key]
    ]  # fmt: skip
    bodies = [row.fill.organisation] if row.fill.organisation else []
    read = read_rows(raws, known_to(viewer, indicators=[row.fill.indicator], organisations=bodies))
    said = [_told(cells, trouble) for trouble in read.faults]
    faulty |= {cells[trouble.row].span.key for trouble in read.faults}
    warnings = [_told(cells, trouble) for trouble in read.warnings]
    is_good = not faults and not said
    return TypedRow(typed, read.good if is_good else (), [*faults, *said], warnings, frozenset(faulty))


def _faults_of_touch(cells: Sequence[GridCell], now: Mapping[str, str]) -> tuple[list[str], set[str]]:
    faults, faulty = [], set()
    for cell in cells:
        typed, stands = " ".join(cell.typed.split()), now[cell.span.key]
        if not cell.is_changed or typed == stands:
            continue
        told = {"period": label_of(cell.span), "text": stands}
        if cell.shown != stands:
            faults.append(_("%(period)s: vừa có người ghi “%(text)s”. Đề nghị mở lại trang, xem rồi ghi.") % told)
            faulty.add(cell.span.key)
        elif not typed:
            faults.append(
                _("%(period)s: ô trống không xóa số đã ghi (%(text)s). Nếu không có số, đề nghị ghi “chưa có”.") % told
            )
            faulty.add(cell.span.key)
    return faults, faulty


def _told(cells: Sequence[GridCell], trouble: Trouble) -> str:
    return f"{label_of(cells[trouble.row].span)}: {_(trouble.said.sentence) % trouble.said.values}"


def label_of(span: Span) -> str:
    return span.label_en if get_language() == "en" else span.label_vi


def _shown(text: str) -> dict[str, str]:
    try:
        shown = json.loads(text)
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in shown.items()} if isinstance(shown, dict) else {}


def with_result(
    typed: TypedRow, *, is_saved: bool = False, faults: Sequence[str] = (), notes: Sequence[str] = ()
) -> GridRow:
    """The row as it is shown after saving it, or after it could not be saved: then all that was typed stays."""
    row = typed.row
    if is_saved:
        kept = grid_of([row.fill], [cell.span for cell in row.cells])[0]
        return replace(kept, remark=row.remark, word=_("Đã ghi"), tone="done", told=(*typed.warnings, *notes))
    told = (*typed.faults, *faults)
    if told:
        cells = tuple(replace(cell, is_faulty=cell.span.key in typed.faulty) for cell in row.cells)
        return replace(row, cells=cells, word=_("Chưa ghi được"), tone="bad", told=told)
    return replace(row, word=_("Không có gì thay đổi") if row.is_typed_in else "", told=tuple(typed.warnings))
