"""Many owed reports as one table: what each row shows, and what was typed into it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from uuid import uuid4

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.access import REPORTING_ROLES
from thucthi.reporting.calculations.bulk import CellFlaw, RowRead, TypedCells, lacks_of_a_row, read_row
from thucthi.reporting.calculations.statements import LONGEST_NOTE, TypedReport
from thucthi.reporting.models import Claim, Obligation, Report, ReportDraft
from thucthi.reporting.selectors.editing import AtOnce, ReportForEditing, at_once_of, typed_for
from thucthi.reporting.selectors.obligations import awaits_report
from thucthi.reporting.selectors.owed import unanswered
from thucthi.reporting.selectors.waiting import with_predecessors
from thucthi.reporting.selectors.wording import period_label, wording_of

CELLS = ("claim", "progress", "note")


@dataclass(frozen=True)
class BulkRow:
    """One owed report. `shown` is what the cells held when the page was made, `cells` what the person left in them.

    `version` is that of the draft the page showed, `key` names this opening of the row. `word` and `tone` say how far
    the row has come, `told` are sentences beside it; `report` is what it became once sent; `needs_form`: only the full
    form can complete it; `is_clash`: somebody else wrote meanwhile, pressing once more takes this row's words;
    `is_saved`: this press kept it as a draft.
    """

    editing: ReportForEditing
    days_left: int
    shown: TypedCells
    cells: TypedCells
    version: int
    key: str
    word: str = ""
    tone: str = "neutral"
    told: tuple[str, ...] = ()
    faulty: frozenset[str] = frozenset()
    needs_form: bool = False
    is_clash: bool = False
    is_chosen: bool = False
    is_saved: bool = False
    report: Report | None = None

    @property
    def pk(self) -> int:
        return self.editing.obligation.pk

    @property
    def period(self) -> str:
        return period_label(self.editing.obligation)

    @property
    def changed(self) -> frozenset[str]:
        """The cells that a person touched; how white space is laid does not count."""
        return frozenset(name for name in CELLS if _flat(getattr(self.cells, name)) != _flat(getattr(self.shown, name)))

    @property
    def was_json(self) -> str:
        """What goes back with the row, so that only what was touched is read, on the draft that was shown."""
        was = {**asdict(self.shown), "version": str(self.version), "key": self.key}
        return json.dumps(was, ensure_ascii=False)

    @property
    def faulty_json(self) -> str:
        return json.dumps(sorted(self.faulty))

    @property
    def wording(self) -> str | None:
        """The public sentence of what the row now says."""
        read = self.read()
        return wording_of(self.editing.obligation, read.typed) if read.typed else None

    @cached_property
    def at_once(self) -> AtOnce:
        return at_once_of(self.editing)

    @property
    def due_words(self) -> str:
        near = {-1: _("quá hạn từ hôm qua"), 0: _("đến hạn hôm nay"), 1: _("đến hạn ngày mai")}
        if self.days_left in near:
            return near[self.days_left]
        words = _("quá hạn %(n)s ngày") if self.days_left < 0 else _("còn %(n)s ngày")
        return words % {"n": abs(self.days_left)}

    def read(self) -> RowRead:
        """What the row states: what stands, with the touched cells put over it."""
        stands = self.editing.typed
        texts = {name: getattr(self.cells if name in self.changed else stands, name) for name in CELLS}
        return read_row(stands, TypedCells(**texts))


def reporting_units(viewer: Viewer) -> list[Organisation]:
    """The organisations the viewer reports for, by code."""
    return list(Organisation.objects.filter(pk__in=viewer.organisation_ids(*REPORTING_ROLES)).order_by("code"))


def owed_ids(viewer: Viewer, on: date, unit: Organisation | None = None) -> list[int]:
    """The obligations still to be answered, the newest period first: that is what can still be told.

    `unit`: of that body alone. A large body owes thousands; read in full is only what a page shows of them.
    """
    own = viewer.organisation_ids(*REPORTING_ROLES)
    if unit is not None:
        own &= {unit.pk}
    if not own:
        return []
    return list(unanswered(viewer, own, on).order_by("-due_on", "task_code").values_list("pk", flat=True))


def owed_reports(ids: Iterable[int]) -> list[Obligation]:
    """These of `owed_ids`, in the same order, with what a row needs."""
    return list(with_reports(Obligation.objects.filter(pk__in=list(ids))).order_by("-due_on", "task__code"))


def _written_by(bodies: Collection[int]) -> Q:
    """Obligations whose report these organisations may write: their own, and those of bodies they succeeded."""
    return Q(organisation__in=with_predecessors(frozenset(bodies)))


def own_obligations(viewer: Viewer, ids: Iterable[int], unit: Organisation | None = None) -> list[Obligation]:
    """Those of `ids` that the viewer writes the reports of, sent or not; all others are as if they did not exist."""
    own = viewer.organisation_ids(*REPORTING_ROLES)
    found = Obligation.objects.filter(_written_by(own), pk__in=set(ids))
    if unit is not None:
        found = found.filter(_written_by([unit.pk]))
    return list(
        with_reports(found.filter(task__in=visible_tasks(viewer).values("pk"))).order_by("due_on", "task__code")
    )


def with_reports(obligations: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """With the parts a row needs, the last version of the period, and the last report of an earlier one."""
    of_period = Report.objects.filter(obligation=OuterRef("pk")).order_by("-version")
    of_task = Report.objects.filter(task=OuterRef("task"), obligation__period_end__lt=OuterRef("period_end"))
    return (
        obligations.select_related("task__programme", "task__lead", "organisation", "draft")
        .prefetch_related("evidence")
        .annotate(
            latest_pk=Subquery(of_period.values("pk")[:1]),
            last_pk=Subquery(of_task.order_by("-obligation__period_end", "-version").values("pk")[:1]),
        )
    )


def rows_of(obligations: Sequence[Obligation], on: date) -> list[BulkRow]:
    """The rows as they stand, in a number of queries that does not grow with them; needs `with_reports`."""
    wanted = {pk for row in obligations for pk in (row.latest_pk, row.last_pk) if pk}  # type: ignore[attr-defined]
    reports = {
        report.pk: report
        for report in Report.objects.filter(pk__in=wanted)
        .select_related("obligation", "acceptance", "author", "obstacle__asked_of")
        .prefetch_related("report_evidence__evidence")
    }
    return [_row(each, reports, on) for each in obligations]


def _row(obligation: Obligation, reports: Mapping[int, Report], on: date) -> BulkRow:
    latest = reports.get(obligation.latest_pk)  # type: ignore[attr-defined]
    editing = _editing(obligation, latest, reports.get(obligation.last_pk))  # type: ignore[attr-defined]
    shown = cells_of(editing.typed)
    row = BulkRow(
        editing=editing,
        days_left=(obligation.due_on - on).days,
        shown=shown,
        cells=shown,
        version=editing.version,
        key=str(uuid4()),
        report=editing.sent,
    )
    return standing(row)


def _editing(obligation: Obligation, latest: Report | None, last: Report | None) -> ReportForEditing:
    draft: ReportDraft | None = getattr(obligation, "draft", None)
    returned = latest if latest is not None and awaits_report(latest) else None
    own = list(obligation.evidence.all())
    of_last = [row.evidence for row in last.report_evidence.all()] if last else []
    files = {file.pk: file for file in sorted([*own, *of_last], key=lambda file: file.pk)}
    return ReportForEditing(
        obligation=obligation,
        task=obligation.task,
        typed=typed_for(draft, returned, last, own),
        version=draft.version if draft else 0,
        draft=draft,
        last=last,
        returned=returned,
        sent=None if awaits_report(latest) else latest,
        files=tuple(files.values()),
    )


def cells_of(typed: TypedReport) -> TypedCells:
    """As the cells show it: the claim in words, a note on one line."""
    claim = str(Claim(typed.claim).label) if typed.claim in Claim.values else typed.claim
    return TypedCells(claim, typed.progress, _flat(typed.note))


def _flat(text: str) -> str:
    return " ".join(text.split())


def standing(row: BulkRow) -> BulkRow:
    """The row with the word for how far it has come."""
    if row.report is not None:
        return replace(row, word=_("Đã gửi"), tone="done")
    needs_form = row.editing.draft is not None and lacks_of_a_row(row.editing.typed)
    if row.editing.draft is not None:
        row = replace(row, word=_("Nháp, chưa gửi"), tone="info", needs_form=needs_form)
    elif row.editing.returned is None:
        row = replace(row, word=_("Chưa báo cáo"), tone="silent")
    if row.editing.returned is not None:
        note = row.editing.returned.acceptance.note
        word = _("Bị trả lại") if row.editing.draft is None else _("Bị trả lại; nháp chưa gửi")
        row = replace(row, word=word, tone="warn", told=(_("Ý kiến trả lại: %(note)s") % {"note": note},))
    return row


def read_posted(row: BulkRow, posted: Mapping[str, str]) -> BulkRow:
    """The row with what was typed into it; `posted` holds nothing of a row that was not on the page."""
    was = _was(posted.get(f"was.{row.pk}", ""))
    shown = TypedCells(**{name: was.get(name, getattr(row.shown, name)) for name in CELLS})
    cells = TypedCells(**{name: posted.get(f"o.{row.pk}.{name}", getattr(shown, name)) for name in CELLS})
    version = was.get("version", "")
    is_number = version.isdecimal() and len(version) < 10
    return replace(
        row,
        shown=shown,
        cells=cells,
        version=int(version) if is_number else row.version,
        key=was.get("key", row.key),
    )


def _was(text: str) -> dict[str, str]:
    try:
        was = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in was.items()} if isinstance(was, dict) else {}


def sentences_of(read: RowRead) -> tuple[str, ...]:
    """What is wrong with the cells of a row."""
    words = {
        CellFlaw.CLAIM: _("Tình hình: hãy ghi “Đúng kế hoạch”, “Có nguy cơ chậm” hoặc “Chậm so với kế hoạch”."),
        CellFlaw.PROGRESS: _("Tiến độ phải là một số, ví dụ 45 hoặc 45,5."),
        CellFlaw.PROGRESS_RANGE: _("Tiến độ nằm giữa -10.000 và 10.000, tối đa hai chữ số sau dấu phẩy."),
        CellFlaw.NOTE: _("Ghi chú dài quá %(n)s ký tự. Hãy rút gọn.") % {"n": LONGEST_NOTE},
        CellFlaw.TOO_LONG: _("Nội dung gõ vào quá dài. Hãy rút gọn, hoặc đưa phần chi tiết vào tệp minh chứng."),
    }
    return tuple(words[flaw] for _name, flaw in read.flaws)


def claims_in_words() -> list[str]:
    """What may be written into the first cell."""
    return [str(label) for _value, label in Claim.choices]
