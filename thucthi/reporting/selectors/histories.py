"""Reading what was sent: reports, their files and verdicts, by whoever may see them."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel import kept_files
from thucthi.kernel.errors import NotVisible
from thucthi.programmes.models import Coordination, Task
from thucthi.programmes.selectors import is_seen
from thucthi.reporting.access import REPORTING_ROLES
from thucthi.reporting.calculations.files import place_of
from thucthi.reporting.models import Evidence, Report, ReportEvidence
from thucthi.reporting.selectors.waiting import with_predecessors


def visible_reports(viewer: Viewer) -> QuerySet[Report]:
    """Reports about visible tasks, for both ends, the coordinators, and everyone above the reporting body."""
    if viewer.is_system:
        return Report.objects.all()
    own = list(viewer.organisation_ids())
    return Report.objects.filter(
        Q(obligation__organisation__path__overlap=own)
        | Q(task__lead__path__overlap=own)
        | Q(task__programme__organisation__in=own)
        | Exists(Coordination.objects.filter(task=OuterRef("task"), organisation__in=own)),
        is_seen(viewer, "task__programme__"),
    )


def with_parts(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Everything a page about a report shows; two queries for any number of reports."""
    return reports.select_related(
        "task__programme",
        "task__lead",
        "obligation__organisation",
        "author",
        "acceptance__reviewer",
        "acceptance__acting_for",
        "obstacle__asked_of",
    ).prefetch_related(
        Prefetch("report_evidence", ReportEvidence.objects.select_related("evidence").order_by("evidence__file_name"))
    )


def report_for(viewer: Viewer, pk: int) -> Report:
    """Raises NotVisible for an unknown report and for one the viewer may not know of."""
    report = with_parts(visible_reports(viewer)).filter(pk=pk).first()
    if report is None:
        raise NotVisible(_("Không có báo cáo này, hoặc ông/bà không thuộc phạm vi được xem."))
    return report


def reports_of(task: Task, viewer: Viewer) -> list[Report]:
    """All versions of all periods of the task, newest first."""
    return list(with_parts(visible_reports(viewer).filter(task=task)).order_by("-obligation__period_end", "-version"))


def visible_evidence(viewer: Viewer) -> QuerySet[Evidence]:
    """Files of visible reports; files not sent yet only to those who write the report."""
    if viewer.is_system:
        return Evidence.objects.all()
    writing = viewer.organisation_ids(*REPORTING_ROLES)
    sent = ReportEvidence.objects.filter(evidence=OuterRef("pk"), report__in=visible_reports(viewer))
    return Evidence.objects.filter(
        Q(Exists(sent))
        | is_seen(viewer, "obligation__task__programme__") & Q(obligation__organisation__in=with_predecessors(writing))
    )


def evidence_for(viewer: Viewer, pk: int) -> Evidence:
    """Raises NotVisible for an unknown file and for one the viewer may not know of."""
    evidence = visible_evidence(viewer).filter(pk=pk).first()
    if evidence is None:
        raise NotVisible(_("Không có tệp này, hoặc ông/bà không thuộc phạm vi được xem."))
    return evidence


def content_of(evidence: Evidence) -> bytes:
    """Raises NotVisible when the store has lost it or holds something else, StoreSilent when it does not answer."""
    return kept_files.read(str(place_of(evidence.sha256)))
