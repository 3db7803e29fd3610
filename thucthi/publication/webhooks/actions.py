"""Endpoints made and closed; messages derived from facts; one attempt at a time, each outcome kept."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import Viewer, can_keep_tokens_of
from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.addresses import NotAllowed, judge_open
from thucthi.indicators.fetching.transport import NotFetched, post
from thucthi.kernel.canonical import canonical_json
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.sealing import NotOurs, seal, unseal
from thucthi.ledger.actions import record
from thucthi.publication.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from thucthi.publication.webhooks import calculations, selectors
from thucthi.publication.webhooks.events import Event, Happening, happenings
from thucthi.reporting.selectors.waiting import with_predecessors

SEND_MESSAGE = "publication.send_webhook"
MOST_OPEN = 10
SECRET_BYTES = 32
LONGEST_ADDRESS = 500
# Of one event for one endpoint in one run: the rest comes in the next, from where this one stopped.
AT_ONCE = 500
# A fact is recorded with the moment at which its transaction began; none lasts longer than this.
OVERLAP = timedelta(hours=1)
_NAMES = UUID("6f0d3c2e-5a56-4e0e-9d0f-7b6a51e1a034")

Send = Callable[[str, bytes, Mapping[str, str]], int]


@dataclass(frozen=True)
class GivenEndpoint:
    """`secret` is shown to the person once; it stays out of any printed form of this object."""

    entry: WebhookEndpoint
    secret: str = field(repr=False)


@transaction.atomic
def open_endpoint(
    *, by: Viewer, organisation: Organisation | None, address: str, events: Collection[str]
) -> GivenEndpoint:
    """From now on the address is told of these events. Raises Forbidden, and Refused with all faults."""
    body = None
    if organisation is not None:
        body = Organisation.objects.select_for_update().get(pk=organisation.pk)
        require(can_keep_tokens_of(by, body.path), _no_right())
    refuse_if(_faults(body, address, events))
    secret = calculations.secret_text(os.urandom(SECRET_BYTES))
    entry = WebhookEndpoint.objects.create(
        organisation=cast(Organisation, body),
        address=address,
        events=sorted(set(events)),
        sealed_secret=seal(secret),
        created_by_id=by.account_id,
    )
    entry.refresh_from_db()
    record("webhook.opened", by=by, subject=entry, organisation=entry.organisation.code, events=entry.events)
    return GivenEndpoint(entry, secret)


def _no_right() -> str:
    return _("Chỉ người đứng đầu hoặc quản trị tài khoản của cơ quan được quản lý địa chỉ nhận tin của cơ quan đó.")


def _faults(body: Organisation | None, address: str, events: Collection[str]) -> list[Fault]:
    faults = []
    if body is None:
        faults.append(Fault("organisation", _("Đề nghị chọn cơ quan nhận tin.")))
    elif WebhookEndpoint.objects.filter(organisation=body, closed_at__isnull=True).count() >= MOST_OPEN:
        text = _("Cơ quan đã có %(count)s địa chỉ đang nhận tin; đề nghị đóng địa chỉ không dùng nữa.")
        faults.append(Fault("", text % {"count": MOST_OPEN}))
    try:
        judge_open(address[: LONGEST_ADDRESS + 1], settings.WEBHOOK_HOSTS)
    except NotAllowed as fault:
        faults.append(Fault("address", _(str(fault))))
    if len(address) > LONGEST_ADDRESS:
        faults.append(Fault("address", _("Địa chỉ dài quá %(n)s chữ.") % {"n": LONGEST_ADDRESS}))
    if not events or not set(events) <= set(Event):
        faults.append(Fault("events", _("Đề nghị chọn ít nhất một loại tin trong danh sách.")))
    return faults


@transaction.atomic
def close_endpoint(endpoint: WebhookEndpoint, *, by: Viewer, at: datetime) -> WebhookEndpoint:
    """Nothing more is sent there; what waits stays readable. Raises Forbidden, Stale when it was closed before."""
    endpoint = _locked(endpoint)
    require(can_keep_tokens_of(by, endpoint.organisation.path), _no_right())
    if endpoint.closed_at is not None:
        raise Stale(_("Địa chỉ nhận tin này đã đóng trước đó."), current=endpoint)
    _close(endpoint, at, _("Người quản lý của cơ quan đã đóng."))
    record("webhook.closed", by=by, subject=endpoint, because=endpoint.closed_because)
    return endpoint


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=endpoint.pk)


def _close(endpoint: WebhookEndpoint, at: datetime, because: str) -> None:
    endpoint.closed_at, endpoint.closed_because = at, because
    endpoint.save(update_fields=["closed_at", "closed_because"])


@transaction.atomic
def derive_messages(*, by: Viewer) -> int:
    """Write a message for each fact that an open endpoint wants to be told of; returns how many are new.

    Safe to repeat and to run twice at once: the id of a message is made from endpoint, event and fact, so that no fact
    is told twice. Nothing is lost while the worker stands still: each event goes on from the last fact told.
    """
    require(by.is_system, _("Chỉ hệ thống gửi tin."))
    before = WebhookMessage.objects.count()
    for endpoint in WebhookEndpoint.objects.filter(closed_at__isnull=True).order_by("pk"):
        bodies = tuple(with_predecessors([endpoint.organisation_id]))
        for event in endpoint.events:
            found = happenings(event, bodies, _told_until(endpoint, event), AT_ONCE)
            made = [_message(endpoint, event, each) for each in found if each.at >= endpoint.created_at]
            WebhookMessage.objects.bulk_create(made, ignore_conflicts=True)
    total = WebhookMessage.objects.count() - before
    if total:
        record("webhooks.derived", by=by, subject=WebhookMessage.objects.latest("pk"), count=total)
    return total


def _told_until(endpoint: WebhookEndpoint, event: str) -> datetime:
    last = endpoint.messages.filter(event=event).order_by("-body__timestamp").values_list("body", flat=True).first()
    return datetime.fromisoformat(last["timestamp"]) - OVERLAP if last else endpoint.created_at


def _message(endpoint: WebhookEndpoint, event: str, fact: Happening) -> WebhookMessage:
    uid = uuid5(_NAMES, f"{endpoint.pk}:{event}:{fact.subject}")
    body = {"type": str(event), "timestamp": fact.at.isoformat(), "data": dict(fact.data)}
    return WebhookMessage(endpoint=endpoint, uid=uid, event=event, body=body)


@transaction.atomic
def deliver(message_id: int, *, by: Viewer, at: datetime, send: Send | None = None) -> WebhookAttempt | None:
    """One attempt at one message; None when its endpoint is closed or somebody else is sending there now.

    The row of the endpoint is held while the other side is talked to, so that nothing is sent there twice at once.
    At least once: whoever dies between the answer and the commit sends this one again, under the same webhook-id.
    """
    require(by.is_system, _("Chỉ hệ thống gửi tin."))
    message = WebhookMessage.objects.get(pk=message_id)
    rows = WebhookEndpoint.objects.select_for_update(skip_locked=True, of=("self",)).select_related("organisation")
    endpoint = rows.filter(pk=message.endpoint_id, closed_at__isnull=True).first()
    if endpoint is None:
        return None
    status, trouble = _try(endpoint, message, at, send or _post)
    number = message.attempts.count() + 1
    done = calculations.succeeded(status)
    attempt = WebhookAttempt.objects.create(
        message=message,
        number=number,
        tried_at=at,
        status=status,
        trouble=trouble[:300],
        is_final=done or number >= calculations.MOST_ATTEMPTS,
    )
    if not done and calculations.must_close(status, selectors.failing_since(endpoint), at):
        _close(endpoint, at, _why(status))
    told = {"message": message.uid, "number": number, "status": status, "is_closed": endpoint.closed_at is not None}
    record("webhook.delivered" if done else "webhook.failed", by=by, subject=endpoint, **told)
    return attempt


def _why(status: int | None) -> str:
    if status == calculations.GONE:
        return _("Máy chủ nhận tin trả lời rằng địa chỉ này không còn dùng (410).")
    return _("Không gửi được tin nào trong %(n)s ngày liền. Đề nghị sửa máy chủ nhận tin rồi mở địa chỉ mới.") % {
        "n": calculations.CLOSED_AFTER.days
    }


def _post(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    return post(address, body=body, headers=headers, allowed=settings.WEBHOOK_HOSTS)


def _try(endpoint: WebhookEndpoint, message: WebhookMessage, at: datetime, send: Send) -> tuple[int | None, str]:
    """(status, sentence of what went wrong) of one attempt."""
    body = canonical_json(message.body)
    try:
        secret = unseal(endpoint.sealed_secret)
        told = calculations.headers(secret, calculations.message_id(message.uid), at, body)
        status = send(endpoint.address, body, told)
    except NotFetched as error:
        return None, _(error.sentence)
    except NotOurs:
        return None, _("Khóa ký không mở được sau khi khóa hệ thống thay đổi. Đề nghị mở địa chỉ mới.")
    said = "" if calculations.succeeded(status) else _("Máy chủ nhận tin trả lời mã %(status)s.") % {"status": status}
    return status, said


@transaction.atomic
def replay_message(message: WebhookMessage, *, by: Viewer) -> None:
    """Send it once more, under the same webhook-id. Raises Forbidden, Stale when the endpoint is closed."""
    endpoint = _locked(message.endpoint)
    require(can_keep_tokens_of(by, endpoint.organisation.path), _no_right())
    if endpoint.closed_at is not None:
        raise Stale(_("Địa chỉ nhận tin này đã đóng nên không gửi lại được."), current=endpoint)
    app.configure_task(SEND_MESSAGE).defer(message_id=message.pk)
    record("webhook.replayed", by=by, subject=endpoint, message=message.uid)
