"""One row of the table of many reports: saved as a draft or sent, by the same actions as the form of one report."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.forms import attempt
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.reporting.actions import save_draft, submit_report
from thucthi.reporting.calculations.bulk import lacks_of_a_row
from thucthi.reporting.calculations.statements import TypedReport, differences
from thucthi.reporting.forms import Percent, ReportForm, form_data
from thucthi.reporting.selectors.bulk import (
    CELLS,
    BulkRow,
    cells_of,
    own_obligations,
    rows_of,
    sentences_of,
)
from thucthi.reporting.selectors.editing import on_plan, unchanged
from thucthi.reporting.selectors.wording import field_labels, in_words


class Deed(StrEnum):
    """What was pressed: the button's value."""

    SAVE = "luu"
    SEND = "gui"
    UNCHANGED = "khong-doi"
    ON_PLAN = "dung-ke-hoach"


@dataclass(frozen=True)
class Pressed:
    """`plus`: how much further "on plan" is, None when it could not be read; `chosen` are the rows that it is about."""

    deed: Deed
    chosen: frozenset[int]
    plus: Decimal | None

    @classmethod
    def read(cls, posted: Any) -> "Pressed":
        """From a form: one row's own button, or one for all rows that are ticked."""
        plus = Percent(required=False).to_decimal(posted.get("plus", ""))
        for deed in (Deed.UNCHANGED, Deed.ON_PLAN):
            alone = posted.get(f"dong-{deed}", "")
            if alone.isdecimal():
                return cls(deed, frozenset({int(alone[:12])}), plus)
        asked = posted.get("viec", "")
        deed = Deed(asked) if asked in set(Deed) else Deed.SAVE
        ticked = (
            [name[4:] for name in posted if name.startswith("was.")] if posted.get("tat-ca") else posted.getlist("chon")
        )
        return cls(deed, frozenset(int(one[:12]) for one in ticked if one.isdecimal()), plus)


def carry_out(viewer: Viewer, row: BulkRow, pressed: Pressed) -> BulkRow:
    """Each row by itself: what happens to one holds no other up."""
    is_chosen = row.pk in pressed.chosen
    row = replace(row, is_chosen=is_chosen and pressed.deed is not Deed.SEND)
    if row.report is not None and not row.changed and not is_chosen:
        return row
    if is_chosen and pressed.deed is Deed.SEND:
        return send_row(viewer, row)
    if is_chosen and pressed.deed in (Deed.UNCHANGED, Deed.ON_PLAN):
        return _fill(viewer, row, pressed)
    return save_row(viewer, row) if row.changed else row


def save_row(viewer: Viewer, row: BulkRow) -> BulkRow:
    """Keep the row as the draft of its report."""
    read = row.read()
    told, faulty = sentences_of(read), frozenset(name for name, _flaw in read.flaws)
    if read.typed is None:
        return replace(row, word=_("Chưa lưu được"), tone="bad", told=told, faulty=faulty)
    return _keep(viewer, row, read.typed, told, faulty)


def send_row(viewer: Viewer, row: BulkRow) -> BulkRow:
    """Send the row as the report of its period, with its own key and its own entry in the ledger."""
    read = row.read()
    if read.flaws or read.typed is None:
        faulty = frozenset(name for name, _flaw in read.flaws)
        return replace(row, word=_("Chưa gửi được"), tone="bad", told=sentences_of(read), faulty=faulty)
    key, obligation = _uuid(row.key), row.editing.obligation
    form = ReportForm(form_data(read.typed, version=row.version, key=str(key)), offered=row.editing.files)
    try:
        report = attempt(
            form,
            lambda: submit_report(
                obligation,
                by=viewer,
                content=form.content(),
                idempotency_key=key,
                version=row.version,
                at=timezone.now(),
            ),
        )
    except Stale as stale:
        return _clash(viewer, row, read.typed, stale)
    except Forbidden as forbidden:
        return replace(row, word=_("Chưa gửi được"), tone="bad", told=(str(forbidden),))
    if report is None:
        return _refused(viewer, row, read.typed, form)
    return replace(row, report=report, word=_("Đã gửi"), tone="done", told=(), needs_form=False, is_clash=False)


def _fill(viewer: Viewer, row: BulkRow, pressed: Pressed) -> BulkRow:
    """Last period's words into the row, kept as a draft: they are read before they are sent."""
    if pressed.deed is Deed.ON_PLAN and pressed.plus is None:
        sentence = _("Phần tăng thêm phải là một số, ví dụ 5 hoặc 2,5.")
        return replace(row, word=_("Chưa lưu được"), tone="bad", told=(sentence,))
    if pressed.deed is Deed.UNCHANGED:
        typed = unchanged(row.editing)
    else:
        typed = on_plan(row.editing, pressed.plus or Decimal(0))
    if typed is None:
        sentence = _("Đây là kỳ báo cáo đầu tiên: hãy điền tình hình và tiến độ vào dòng này.")
        return replace(row, word=_("Chưa lưu được"), tone="bad", told=(sentence,))
    replaced = _replaced_words(row)
    return _keep(viewer, replace(row, cells=cells_of(typed)), typed, replaced, frozenset())


def _keep(viewer: Viewer, row: BulkRow, typed: TypedReport, told: tuple[str, ...], faulty: frozenset[str]) -> BulkRow:
    try:
        draft = save_draft(
            row.editing.obligation,
            by=viewer,
            typed=typed,
            version=row.version,
            page=row.key,
            at=timezone.now(),
        )
    except Stale as stale:
        return _clash(viewer, row, typed, stale)
    except (Refused, Forbidden) as fault:
        return replace(row, word=_("Chưa lưu được"), tone="bad", told=(*told, str(fault)))
    editing = replace(row.editing, typed=typed, draft=draft, version=draft.version)
    word = _("Đã lưu nháp lúc %(time)s") % {"time": f"{timezone.localtime(draft.saved_at):%H:%M}"}
    needs_form = lacks_of_a_row(typed)
    if needs_form:
        told = (*told, _("Còn thiếu nguyên nhân, đề nghị hoặc minh chứng: hãy mở mẫu đầy đủ để điền tiếp."))
    return replace(
        row,
        editing=editing,
        shown=row.cells if faulty else cells_of(typed),
        cells=row.cells if faulty else cells_of(typed),
        version=draft.version,
        word=word,
        tone="warn" if needs_form or faulty else "info",
        told=told,
        faulty=faulty,
        needs_form=needs_form,
        is_clash=False,
        is_saved=True,
    )


def _refused(viewer: Viewer, row: BulkRow, typed: TypedReport, form: ReportForm) -> BulkRow:
    """The faults of the action beside the row; what the row has no cell for is filled in in the full form."""
    labels = field_labels()
    told = [
        f"{labels[name]}: {text}" if name in labels else str(text)
        for name, texts in form.errors.items()
        for text in texts
    ]
    faulty = frozenset(name for name in CELLS if name in form.errors)
    needs_form = bool(set(form.errors) - set(CELLS) - {"__all__"})
    kept = _keep(viewer, row, typed, (), faulty) if row.changed or needs_form else row
    if kept.is_clash:
        return kept
    word = _("Chưa gửi được, cần mẫu đầy đủ") if needs_form else _("Chưa gửi được")
    return replace(kept, word=word, tone="bad", told=tuple(told), faulty=faulty, needs_form=needs_form)


def _clash(viewer: Viewer, row: BulkRow, typed: TypedReport, stale: Stale) -> BulkRow:
    """What stands now beside what was typed, which stays in the row."""
    now = rows_of(own_obligations(viewer, [row.pk]), timezone.localdate())
    if not now:
        return replace(row, word=_("Chưa ghi được"), tone="bad", told=(str(stale),))
    if now[0].report is not None:
        told = (str(stale), *_kept_words(row))
        return replace(now[0], word=_("Đã có báo cáo gửi trước"), tone="na", told=told)
    rows = [in_words(each) for each in differences(now[0].editing.typed, typed) if each.field in CELLS]
    told = (str(stale), *(_("%(field)s đang lưu: %(text)s") % {"field": f, "text": b} for f, b, _typed in rows))
    return replace(
        now[0],
        cells=row.cells,
        key=str(uuid4()),
        word=_("Có người vừa lưu bản khác"),
        tone="warn",
        told=told,
        is_clash=True,
        is_chosen=row.is_chosen,
    )


def _replaced_words(row: BulkRow) -> tuple[str, ...]:
    """What the one press took the place of, so that it can be copied back."""
    if not row.changed and row.editing.draft is None:
        return ()
    return (_("Thay cho nội dung trước đó: %(words)s") % {"words": _in_one_line(row)},)


def _in_one_line(row: BulkRow) -> str:
    return " · ".join(text for text in (row.cells.claim, row.cells.progress, row.cells.note) if text) or "–"


def _kept_words(row: BulkRow) -> tuple[str, ...]:
    if not row.changed:
        return ()
    return (_("Ông/bà vừa gõ (chưa được ghi nhận): %(words)s") % {"words": _in_one_line(row)},)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
