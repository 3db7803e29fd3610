"""Webhooks: derived from facts once, signed, tried again, logged, closed; against a real server on this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.indicators.feeds.servers import Server, serving
from tests.monitoring.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.calculations.addresses import read_allowed
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.publication.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from thucthi.publication.webhooks import calculations, tasks
from thucthi.publication.webhooks.actions import (
    GivenEndpoint,
    close_endpoint,
    deliver,
    derive_messages,
    open_endpoint,
    replay_message,
)
from thucthi.publication.webhooks.events import Event
from thucthi.publication.webhooks.selectors import due_messages

ADDRESS = "http://nhan-tin.example.vn/tin"


@dataclass
class Heard:
    """What the receiving server was sent: heads and body of each request."""

    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver(settings: Any, *statuses: int) -> Iterator[Heard]:
    """A server that answers with these statuses one after the other, the last for ever."""
    heard, left = Heard(), list(statuses)

    def speak(peer: socket.socket, server: Server) -> None:
        head = server.requests[-1]
        raw, _, body = head.partition(b"\r\n\r\n")
        said = [line.decode().split(": ", 1) for line in raw.split(b"\r\n")[1:]]
        heads = {name.lower(): value for name, value in said}
        while len(body) < int(heads.get("content-length", "0")):
            body += peer.recv(65536)
        heard.requests.append((heads, body))
        status = left.pop(0) if len(left) > 1 else left[0]
        with suppress(OSError):
            peer.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    with serving(speak) as server:
        settings.WEBHOOK_HOSTS = read_allowed([f"http://nhan-tin.example.vn=127.0.0.1:{server.port}"])
        yield heard


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.WEBHOOK_HOSTS = read_allowed(["http://nhan-tin.example.vn=127.0.0.1:9"])
    return make_world()


def opened(
    world: World, body: Organisation | None = None, events: tuple[str, ...] = tuple(Event.values)
) -> GivenEndpoint:
    body = body or world.state.science
    return open_endpoint(by=world.state.viewer(Role.HEAD, body), organisation=body, address=ADDRESS, events=events)


def judged(world: World, progress: str | None = "55") -> None:
    """The committee judges a report of the ministry of science; recorded now."""
    task = world.tasks["nv-dung-han"]
    report = task.reports.filter(acceptance__isnull=True).order_by("pk")[0]
    world.decide(report, date(2026, 11, 27), progress)


def derived(world: World) -> WebhookMessage:
    judged(world)
    assert derive_messages(by=SYSTEM) == 1
    return WebhookMessage.objects.get()


def test_each_fact_is_told_once_and_only_to_whom_it_concerns(world: World) -> None:
    mine, other = opened(world).entry, opened(world, world.state.finance).entry
    judged(world)
    judged(world, None)
    assert derive_messages(by=SYSTEM) == 2
    assert [each.event for each in mine.messages.order_by("pk")] == ["report.accepted", "report.returned"]
    assert not other.messages.exists()
    before = Entry.objects.count()
    assert derive_messages(by=SYSTEM) == 0
    assert Entry.objects.count() == before
    told = mine.messages.order_by("pk")[0].body
    assert (told["type"], told["data"]["task"]) == ("report.accepted", "nv-dung-han")


def test_what_was_before_the_endpoint_is_not_told(world: World) -> None:
    judged(world)
    entry = opened(world).entry
    WebhookEndpoint.objects.filter(pk=entry.pk).update(created_at=timezone.now() + timedelta(minutes=1))
    assert derive_messages(by=SYSTEM) == 0


def test_a_message_is_signed_and_heard(world: World, settings: Any) -> None:
    given = opened(world)
    message = derived(world)
    with receiver(settings, 204) as heard:
        attempt = deliver(message.pk, by=SYSTEM, at=timezone.now())
    assert attempt is not None
    assert (attempt.status, attempt.is_final, attempt.trouble) == (204, True, "")
    heads, body = heard.requests[0]
    assert heads["webhook-id"] == f"msg_{message.uid.hex}"
    assert sample_receiver(given.secret, heads, body) == message.body
    assert not due_messages(timezone.now() + timedelta(days=9)).exists()


def sample_receiver(secret: str, heads: dict[str, str], body: bytes, now: float | None = None) -> Any:
    """The receiver printed in docs/api.md, taken from there word for word."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    space: dict[str, Any] = {}
    exec(code, space)  # noqa: S102 - the documented receiver is what is tested
    return space["receive"](secret, heads, body, now) if now else space["receive"](secret, heads, body)


@pytest.mark.parametrize("change", ["body", "old", "early", "id", "signature", "secret", "none"])
def test_the_documented_receiver_refuses_what_was_altered(world: World, settings: Any, change: str) -> None:
    given = opened(world)
    message = derived(world)
    with receiver(settings, 200) as heard:
        deliver(message.pk, by=SYSTEM, at=timezone.now())
    heads, body = heard.requests[0]
    now, secret = float(heads["webhook-timestamp"]), given.secret
    if change == "body":
        body = body.replace(b"nv-dung-han", b"nv-qua-han1")
    elif change == "old":
        now += 301
    elif change == "early":
        now -= 301
    elif change == "secret":
        secret = calculations.secret_text(b"x" * 32)
    elif change == "none":
        heads = {name: said for name, said in heads.items() if name != "webhook-signature"}
    else:
        heads = {**heads, f"webhook-{change}": "v1,AAAA" if change == "signature" else "msg_1"}
    with pytest.raises(ValueError, match=r"five minutes|not ours"):
        sample_receiver(secret, heads, body, now)


def test_a_known_signature() -> None:
    """The example of the specification of Standard Webhooks."""
    said = calculations.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_tried_again_later_and_in_the_end_rests(world: World, settings: Any) -> None:
    opened(world)
    message = derived(world)
    at, tried = timezone.now(), []
    with receiver(settings, 500, 302, 500):
        for pause in (timedelta(), *calculations.PAUSES[:3]):
            assert not due_messages(at + pause - timedelta(seconds=1)).exists() or pause == timedelta()
            at += pause
            assert [each.pk for each in due_messages(at)] == [message.pk]
            attempt = deliver(message.pk, by=SYSTEM, at=at)
            assert attempt is not None
            tried.append((attempt.number, attempt.status, attempt.is_final))
    assert tried == [(1, 500, False), (2, 302, False), (3, 500, False), (4, 500, False)]
    with receiver(settings, 200):
        at += calculations.PAUSES[3]
        deliver(message.pk, by=SYSTEM, at=at)
    assert not due_messages(at + timedelta(days=30)).exists()
    assert WebhookEndpoint.objects.get().closed_at is None


def test_a_server_that_is_gone_or_silent_for_days_is_closed(world: World, settings: Any) -> None:
    opened(world)
    message = derived(world)
    at = timezone.now()
    settings.WEBHOOK_HOSTS = read_allowed(["http://nhan-tin.example.vn=127.0.0.1:9"])
    attempt = deliver(message.pk, by=SYSTEM, at=at)
    assert attempt is not None
    assert attempt.status is None
    assert attempt.trouble.startswith("Không kết nối được")
    deliver(message.pk, by=SYSTEM, at=at + timedelta(days=3))
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.closed_because.startswith("Không gửi được tin nào trong 3 ngày")
    assert deliver(message.pk, by=SYSTEM, at=at + timedelta(days=4)) is None
    assert WebhookAttempt.objects.count() == 2


def test_410_closes_at_once(world: World, settings: Any) -> None:
    opened(world)
    message = derived(world)
    with receiver(settings, 410):
        deliver(message.pk, by=SYSTEM, at=timezone.now())
    assert "410" in WebhookEndpoint.objects.get().closed_because


@pytest.mark.parametrize(
    "address",
    ["http://a.example.vn/", "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://a.example.vn:22/",
     "https://u:p@a.example.vn/", "https://2130706433/", "ftp://a.example.vn/", "", "https://a.example.vn\\@127.0.0.1/"],
)  # fmt: skip
def test_addresses_that_are_refused(world: World, address: str) -> None:
    by, before = world.state.viewer(Role.HEAD, world.state.science), Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        open_endpoint(by=by, organisation=world.state.science, address=address, events=["issue.published"])
    assert [fault.field for fault in refusal.value.faults] == ["address"]
    assert (WebhookEndpoint.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize("leads_to", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"])
def test_a_name_that_leads_inward_is_not_followed(world: World, settings: Any, monkeypatch: Any, leads_to: str) -> None:
    by = world.state.viewer(Role.HEAD, world.state.science)
    address = "https://ngoai.example.vn/tin"
    open_endpoint(by=by, organisation=world.state.science, address=address, events=["report.accepted"])
    message = derived(world)
    asked = []
    found = [(2, 1, 6, "", (leads_to, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: asked.append(a[0]) or found)
    attempt = deliver(message.pk, by=SYSTEM, at=timezone.now())
    assert attempt is not None
    assert (attempt.status, asked) == (None, ["ngoai.example.vn"])
    assert "nội bộ" in attempt.trouble


def test_the_secret_is_kept_sealed(world: World, settings: Any) -> None:
    given = opened(world)
    assert given.secret.removeprefix("whsec_") not in str(WebhookEndpoint.objects.values().get())
    assert given.secret not in str(list(Entry.objects.values()))
    assert given.secret not in repr(given)
    message = derived(world)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    with receiver(settings, 200) as heard:
        attempt = deliver(message.pk, by=SYSTEM, at=timezone.now())
        assert attempt is not None
        assert "Khóa ký không mở được" in attempt.trouble
        settings.SECRET_KEY_FALLBACKS = [old]
        again = deliver(message.pk, by=SYSTEM, at=timezone.now())
    assert again is not None
    assert (again.status, len(heard.requests)) == (200, 1)


def test_who_may_open_close_and_replay(world: World) -> None:
    endpoint = opened(world).entry
    message = derived(world)
    stranger, before = world.state.viewer(Role.HEAD, world.state.finance), Entry.objects.count()
    with pytest.raises(Forbidden):
        close_endpoint(endpoint, by=stranger, at=timezone.now())
    with pytest.raises(Forbidden):
        replay_message(message, by=stranger)
    with pytest.raises(Forbidden):
        open_endpoint(by=stranger, organisation=world.state.science, address=ADDRESS, events=["issue.published"])
    assert Entry.objects.count() == before
    assert WebhookEndpoint.objects.get().closed_at is None
    head = world.state.viewer(Role.HEAD, world.state.science)
    replay_message(message, by=head)
    job = ProcrastinateJob.objects.latest("id")
    assert (job.task_name, job.args) == ("publication.send_webhook", {"message_id": message.pk})
    close_endpoint(endpoint, by=head, at=timezone.now())
    with pytest.raises(Stale):
        close_endpoint(endpoint, by=head, at=timezone.now())
    with pytest.raises(Stale):
        replay_message(message, by=head)


def test_a_replay_keeps_the_id(world: World, settings: Any) -> None:
    opened(world)
    message = derived(world)
    with receiver(settings, 200) as heard:
        deliver(message.pk, by=SYSTEM, at=timezone.now())
        tasks.send_webhook(message_id=message.pk)
    assert {heads["webhook-id"] for heads, _body in heard.requests} == {f"msg_{message.uid.hex}"}
    assert [each.number for each in WebhookAttempt.objects.order_by("number")] == [1, 2]


def test_every_minute(world: World, settings: Any) -> None:
    endpoint = opened(world).entry
    judged(world)
    assert tasks.tell_programs(timestamp=0) == {"messages": 1, "endpoints": 1}
    assert tasks.tell_programs(timestamp=0) == {"messages": 0, "endpoints": 0}
    with receiver(settings, 200):
        assert tasks.send_due_webhooks(endpoint_id=endpoint.pk) == 1
    assert tasks.send_due_webhooks(endpoint_id=endpoint.pk) == 0


def test_the_pages(world: World) -> None:
    client = Client()
    head = world.state.person(Role.HEAD, world.state.science)
    client.force_login(head, backend="django.contrib.auth.backends.ModelBackend")
    typed = {"organisation": "bo-khoa-hoc", "address": ADDRESS, "events": ["report.accepted", "issue.published"]}
    shown = client.post(reverse("webhooks:endpoints"), typed)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert "whsec_" in shown.content.decode()
    row = WebhookEndpoint.objects.get()
    assert row.events == ["issue.published", "report.accepted"]
    message = derived(world)
    page = client.get(reverse("webhooks:endpoint", args=[row.pk])).content.decode()
    assert message.uid.hex in page
    assert "whsec_" not in page
    assert row.sealed_secret not in page
    refused = client.post(reverse("webhooks:endpoints"), {**typed, "address": "https://10.0.0.1/"})
    assert (refused.status_code, WebhookEndpoint.objects.count()) == (422, 1)
    assert client.post(reverse("webhooks:replay", args=[row.pk, message.pk])).status_code == 302
    assert client.post(reverse("webhooks:close", args=[row.pk])).status_code == 302
    assert client.post(reverse("webhooks:close", args=[row.pk])).status_code == 409
    assert client.post(reverse("webhooks:replay", args=[row.pk, message.pk])).status_code == 409
    elsewhere = Client()
    stranger = world.state.person(Role.HEAD, world.state.finance)
    elsewhere.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    for name, args in (("endpoint", [row.pk]), ("close", [row.pk]), ("replay", [row.pk, message.pk])):
        url = reverse(f"webhooks:{name}", args=args)
        assert (elsewhere.get(url) if name == "endpoint" else elsewhere.post(url)).status_code == 404
