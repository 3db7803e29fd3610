"""What stands in the report form when it is opened."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import NotVisible, require
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks
from thucthi.reporting.access import can_report
from thucthi.reporting.calculations.statements import ON_PLAN, TypedReport
from thucthi.reporting.models import Evidence, Obligation, Report, ReportDraft
from thucthi.reporting.selectors.obligations import (
    awaits_report,
    evidence_offered,
    last_period_report,
    latest_report,
    place_of,
)
from thucthi.reporting.selectors.wording import typed_figure, typed_of, wording_of


@dataclass(frozen=True)
class ReportForEditing:
    """`typed`: the draft, else the version that came back, else what was said last period.

    `sent`: the report that already stands for this period (nothing can be typed then); `returned`: the version that
    came back; `last`: the last report of an earlier period; `version`: that of the draft, 0 without one.
    """

    obligation: Obligation
    task: Task
    typed: TypedReport
    version: int
    draft: ReportDraft | None
    last: Report | None
    returned: Report | None
    sent: Report | None
    files: tuple[Evidence, ...]

    @property
    def next_report_version(self) -> int:
        return self.returned.version + 1 if self.returned else 1


def report_for_editing(viewer: Viewer, code: str, period_key: str) -> ReportForEditing:
    """Raises NotVisible for an unknown or invisible task or period, Forbidden for whoever may see but not report."""
    task = visible_tasks(viewer).select_related("programme", "lead").filter(code=code).first()
    obligation = (
        Obligation.objects.select_related("organisation", "draft").filter(task=task, period_key=period_key).first()
        if task
        else None
    )
    if task is None or obligation is None:
        raise NotVisible(_("Không có kỳ báo cáo này, hoặc ông/bà không thuộc phạm vi được xem."))
    require(
        can_report(viewer, place_of(obligation, task)),
        _("Chỉ người báo cáo hoặc người đứng đầu của cơ quan chủ trì được mở mẫu báo cáo này."),
    )
    return _editing(obligation, task)


def _editing(obligation: Obligation, task: Task) -> ReportForEditing:
    latest, last = latest_report(obligation), last_period_report(obligation)
    draft: ReportDraft | None = getattr(obligation, "draft", None)
    returned = latest if latest is not None and awaits_report(latest) else None
    files = tuple(evidence_offered(obligation, last))
    return ReportForEditing(
        obligation=obligation,
        task=task,
        typed=typed_for(draft, returned, last, [file for file in files if file.obligation_id == obligation.pk]),
        version=draft.version if draft else 0,
        draft=draft,
        last=last,
        returned=returned,
        sent=None if awaits_report(latest) else latest,
        files=files,
    )


def typed_for(
    draft: ReportDraft | None, returned: Report | None, last: Report | None, own_files: list[Evidence]
) -> TypedReport:
    """What an opened form shows: the draft, else the version that came back, else what was said last period."""
    if draft is not None:
        return TypedReport.from_stored(draft.content)
    own = tuple(str(file.pk) for file in own_files)
    if returned is not None:
        sent_then = typed_of(returned)
        return replace(sent_then, evidence=tuple(dict.fromkeys((*sent_then.evidence, *own))))
    if last is not None:
        return replace(typed_of(last), claims_completion="", evidence=own)
    return TypedReport(evidence=own)


def unchanged(editing: ReportForEditing) -> TypedReport | None:
    """The last period's statement once more, with its files and those sent since; None without a last period."""
    if editing.last is None:
        return None
    return replace(typed_of(editing.last), evidence=tuple(str(file.pk) for file in editing.files))


def on_plan(editing: ReportForEditing, plus: Decimal) -> TypedReport | None:
    """ "On plan", `plus` percent further than the last period; None without a last period.

    A note that explained a delay is not repeated beside "on plan".
    """
    if editing.last is None:
        return None
    return TypedReport(
        claim=ON_PLAN,
        progress=typed_figure(editing.last.progress_declared + plus),
        note=editing.last.note if editing.last.claim == ON_PLAN else "",
        evidence=tuple(str(file.pk) for file in editing.files if file.obligation_id == editing.obligation.pk),
    )


@dataclass(frozen=True)
class AtOnce:
    """What the public will read after one press; None where that press is not possible."""

    unchanged: str | None
    on_plan: str | None


def at_once_of(editing: ReportForEditing) -> AtOnce:
    """The exact sentences behind "no change" and "on plan" without any increase."""
    typed = unchanged(editing), on_plan(editing, Decimal(0))
    return AtOnce(*(wording_of(editing.obligation, each) if each else None for each in typed))
