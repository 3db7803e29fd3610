"""Endpoints that a viewer keeps, and what is due to be sent."""

from datetime import datetime

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer, can_keep_tokens_of
from thucthi.directory.selectors import bodies_with_tokens_kept_by
from thucthi.kernel.errors import NotVisible
from thucthi.publication.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from thucthi.publication.webhooks.calculations import PAUSES


def endpoints_kept_by(viewer: Viewer) -> QuerySet[WebhookEndpoint]:
    """Open ones first, then the newest."""
    bodies = bodies_with_tokens_kept_by(viewer).order_by().values("pk")
    rows = WebhookEndpoint.objects.filter(organisation__in=bodies).select_related("organisation")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")


def endpoint_for(viewer: Viewer, pk: int) -> WebhookEndpoint:
    """Raises NotVisible for an unknown one and for those of other bodies."""
    found = WebhookEndpoint.objects.select_related("organisation").filter(pk=pk).first()
    if found is None or not can_keep_tokens_of(viewer, found.organisation.path):
        raise NotVisible(_("Không có địa chỉ nhận tin này, hoặc ông/bà không quản lý địa chỉ của cơ quan này."))
    return found


def message_for(viewer: Viewer, endpoint: int, pk: int) -> WebhookMessage:
    """Raises NotVisible."""
    kept = endpoint_for(viewer, endpoint)
    found = WebhookMessage.objects.select_related("endpoint__organisation").filter(pk=pk, endpoint=kept).first()
    if found is None:
        raise NotVisible(_("Không có tin này."))
    return found


def deliveries(endpoint: WebhookEndpoint) -> QuerySet[WebhookMessage]:
    """Newest first, each with its attempts."""
    return endpoint.messages.prefetch_related("attempts").order_by("-pk")


def due_messages(at: datetime) -> QuerySet[WebhookMessage]:
    """Those of open endpoints whose next attempt has come, the oldest first."""
    settled = WebhookAttempt.objects.filter(message=OuterRef("pk"), is_final=True)
    rows = WebhookMessage.objects.filter(~Exists(settled), endpoint__closed_at__isnull=True)
    rows = rows.annotate(tried=Count("attempts"), last=Max("attempts__tried_at"))
    due = Q(tried=0)
    for number, pause in enumerate(PAUSES, start=1):
        due |= Q(tried=number, last__lte=at - pause)
    return rows.filter(due).order_by("pk")


def failing_since(endpoint: WebhookEndpoint) -> datetime | None:
    """The first failure after the last success; None when the last attempt succeeded or there was none."""
    attempts = WebhookAttempt.objects.filter(message__endpoint=endpoint)
    succeeded = attempts.filter(status__gte=200, status__lt=300).aggregate(last=Max("tried_at"))["last"]
    since = attempts.filter(tried_at__gt=succeeded) if succeeded else attempts
    found: datetime | None = since.aggregate(first=Min("tried_at"))["first"]
    return found
