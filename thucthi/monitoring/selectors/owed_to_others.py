"""What a body owes beside tasks and reports: answers to other bodies, and programmes of its own (D36, D37)."""

from datetime import date

from django.db.models import Min, OuterRef, Q, Subquery

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.selectors import visible_documents
from thucthi.monitoring.calculations.heads import OwedFact
from thucthi.obstacles.models import CoordinationRequest, RequestStep
from thucthi.programmes.models import CascadeDuty, ProgrammeBasis
from thucthi.programmes.selectors import is_seen

ENDING = (RequestStep.Kind.FULL, RequestStep.Kind.WITHDRAWN)


def owed_to_others(viewer: Viewer, organisation: Organisation, as_of: date) -> list[OwedFact]:
    """Requests put to the body and its duties to issue a programme, as known on `as_of`; two queries."""
    return [*_requests(viewer, organisation, as_of), *_programmes(viewer, organisation, as_of)]


def _requests(viewer: Viewer, organisation: Organisation, as_of: date) -> list[OwedFact]:
    steps = RequestStep.objects.filter(request=OuterRef("pk"), kind__in=ENDING, happened_on__lte=as_of)
    first = steps.order_by().values("request").annotate(day=Min("happened_on")).values("day")
    seen = Q(task__isnull=True) | is_seen(viewer, "task__programme__")
    rows = CoordinationRequest.objects.filter(seen, asked=organisation, asked_on__lte=as_of)
    return [
        OwedFact("request", code, text, asked_on, due_on, ended_on)
        for code, text, asked_on, due_on, ended_on in rows.annotate(ended_on=Subquery(first)).values_list(
            "code", "text", "asked_on", "due_on", "ended_on"
        )
    ]


def _programmes(viewer: Viewer, organisation: Organisation, as_of: date) -> list[OwedFact]:
    issued = ProgrammeBasis.objects.filter(
        document=OuterRef("document"), programme__organisation=organisation, programme__issued_on__lte=as_of
    ).order_by("programme__issued_on")
    duties = CascadeDuty.objects.filter(
        organisation=organisation, document__in=visible_documents(viewer).order_by().values("pk")
    ).annotate(issued_on=Subquery(issued.values("programme__issued_on")[:1]))
    return [
        OwedFact(
            "programme",
            duty.document.slug,
            f"{duty.document.code}: {duty.basis}",
            duty.document.issued_on,
            duty.due_on,
            min((day for day in (duty.issued_on, duty.lifted_on) if day), default=None),
        )
        for duty in duties.select_related("document")
    ]
