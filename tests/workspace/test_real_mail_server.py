"""Letters go through a real SMTP server that the tests start: it takes, refuses, is down, comes back."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail

from tests.people import State, make_state
from tests.programmes.test_races import at_once
from tests.reporting.world import make_world, now, today
from tests.workspace.test_notices import late
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.ledger.models import Entry
from thucthi.workspace.actions import derive_notices, send_next_letter, write_immediate_letters
from thucthi.workspace.models import Letter, Notice
from thucthi.workspace.selectors.letters import post
from thucthi.workspace.tasks import send

REFUSED = "khong-co@example.vn"


class Box:
    """What the server took; it refuses one recipient and, when told, every message."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.full = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.full:
            return "452 no room"
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return sorted(address for address, _content in self.taken)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port(settings: Any) -> int:
    chosen = free_port()
    settings.MAIL_IS_SET_UP = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", chosen
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return chosen


@pytest.fixture
def box(port: int) -> Iterator[Box]:
    made = Box()
    with running(made, port):
        yield made


class running:
    """The server on that port, for as long as the block lasts."""

    def __init__(self, box: Box, port: int) -> None:
        self.controller = Controller(box, hostname="127.0.0.1", port=port)

    def __enter__(self) -> None:
        self.controller.start()

    def __exit__(self, *_error: object) -> None:
        self.controller.stop()


@pytest.fixture
def state(fresh_database: str) -> State:
    return make_state()


def letters(state: State, addresses: list[str]) -> datetime:
    """One waiting letter per address; returns the moment from which they may be sent."""
    account, at = state.person(Role.HEAD, state.science), now()
    Letter.objects.bulk_create(
        [
            Letter(
                account=account,
                key=f"k{number}",
                reason="overdue",
                to=address,
                subject=f"Thư số {number}",
                body="Kính gửi ông/bà,\nviệc đã quá hạn.",
                made_at=at,
                try_after=at,
            )
            for number, address in enumerate(addresses)
        ]
    )
    return at


def send_all(at: datetime) -> list[str]:
    outcomes = []
    connection = mail.get_connection()
    while sent := send_next_letter(by=SYSTEM, at=at, connection=connection):
        outcomes.append(sent.outcome)
        if sent.outcome == "unreachable":
            break
    connection.close()
    return outcomes


def test_a_letter_arrives_whole_in_vietnamese(box: Box, state: State) -> None:
    send_all(letters(state, ["a@example.vn"]))
    ((address, content),) = box.taken
    read = message_from_bytes(content)
    assert (address, read["To"]) == ("a@example.vn", "a@example.vn")
    assert "việc đã quá hạn." in read.get_payload(decode=True).decode("utf-8")
    assert (read.get_content_type(), read.get_content_charset()) == ("text/plain", "utf-8")
    assert read["Message-ID"] == f"<letter-{Letter.objects.get().pk}@127.0.0.1>"
    assert Letter.objects.get().sent_at is not None


def test_one_refused_address_blocks_nobody(box: Box, state: State) -> None:
    at = letters(state, ["a@example.vn", REFUSED, "c@example.vn"])
    assert send_all(at) == ["sent", "refused", "sent"]
    assert box.recipients == ["a@example.vn", "c@example.vn"]
    stuck = Letter.objects.get(to=REFUSED)
    assert (stuck.attempts, stuck.sent_at, stuck.try_after) == (1, None, at + timedelta(minutes=5))
    assert "550" in stuck.last_error
    assert [row.pk for row in post(today()).failures] == [stuck.pk]
    assert "example.vn" not in str(list(Entry.objects.values_list("content", flat=True)))
    assert send_all(at) == []
    assert send_all(at + timedelta(minutes=5)) == ["refused"]


def test_while_the_server_is_down_nothing_is_lost_and_all_is_seen(port: int, state: State) -> None:
    at = letters(state, ["a@example.vn", "b@example.vn", "c@example.vn"])
    assert send_all(at) == ["unreachable"]
    seen = post(today())
    assert (seen.waiting, seen.failing, seen.sent, seen.oldest) == (2, 1, 0, at)
    assert "ConnectionRefusedError" in seen.failures[0].last_error
    box = Box()
    with running(box, port):
        assert send_all(at) == ["sent", "sent"]
        assert send_all(at + timedelta(minutes=5)) == ["sent"]
    assert box.recipients == ["a@example.vn", "b@example.vn", "c@example.vn"]
    assert post(today()).sent == 3


def test_a_server_that_has_no_room_is_tried_again(box: Box, state: State) -> None:
    at = letters(state, ["a@example.vn"])
    box.full = True
    assert send_all(at) == ["refused"]
    box.full = False
    assert send_all(at + timedelta(minutes=5)) == ["sent"]
    assert (len(box.taken), Letter.objects.get().attempts) == (1, 2)


def test_sixteen_senders_send_each_letter_once(box: Box, state: State) -> None:
    at = letters(state, [f"nguoi-{number}@example.vn" for number in range(48)])
    assert at_once(*[lambda: send_all(at)] * 16) == [""] * 16
    assert box.recipients == sorted(f"nguoi-{number}@example.vn" for number in range(48))
    assert Entry.objects.filter(event="letter.sent").count() == 48


def test_who_dies_after_sending_repeats_that_one_letter_alone(box: Box, state: State) -> None:
    """At least once: the outcome of the others was saved, and the copy bears the same Message-ID."""
    at = letters(state, ["a@example.vn", "b@example.vn"])

    class Cut(Exception):
        pass

    connection = mail.get_connection()
    real = connection.send_messages

    def then_die(messages: list[Any]) -> int:
        real(messages)
        raise Cut

    send_next_letter(by=SYSTEM, at=at, connection=connection)
    connection.send_messages = then_die
    with pytest.raises(Cut):
        send_next_letter(by=SYSTEM, at=at, connection=connection)
    connection.close()
    assert send_all(at) == ["sent"]
    assert box.recipients == ["a@example.vn", "b@example.vn", "b@example.vn"]
    ids = [message_from_bytes(content)["Message-ID"] for _address, content in box.taken]
    assert len(set(ids)) == 2


def test_a_given_up_letter_stays_on_the_page(box: Box, state: State) -> None:
    at = letters(state, [REFUSED])
    Letter.objects.update(attempts=30)
    assert send_all(at) == []
    assert (post(today()).given_up, len(post(today()).failures)) == (1, 1)


def test_a_closed_account_gets_nothing(box: Box, state: State) -> None:
    at = letters(state, ["a@example.vn"])
    account = state.person(Role.HEAD, state.science)
    account.is_active = False
    account.save()
    assert (send_all(at), box.taken) == ([], [])


def test_from_a_late_duty_to_the_mailbox(box: Box, fresh_database: str) -> None:
    """The whole way, as the worker goes it: the duty passes, the notice, the letter, the mail."""
    world = make_world()
    reporter = world.state.person(Role.REPORTER, world.state.science)
    reporter.email = "bao-cao@example.vn"
    reporter.save()
    late(world, "nv-khoa", today() - timedelta(days=1))
    at = now()
    derive_notices(by=SYSTEM, at=at - timedelta(minutes=10))
    write_immediate_letters(by=SYSTEM, at=at)
    assert send(0) == {"sent": 1}
    assert box.recipients == ["bao-cao@example.vn"]
    assert send(0) == {}


def test_two_runs_at_once_tell_each_thing_once(fresh_database: str) -> None:
    world = make_world()
    for role in (Role.HEAD, Role.REPORTER):
        world.state.person(role, world.state.science)
    for days in range(1, 6):
        late(world, "nv-khoa", today() - timedelta(days=days))
    moment = now()
    assert at_once(*[lambda: derive_notices(by=SYSTEM, at=moment)] * 4) == [""] * 4
    assert Notice.objects.filter(reason="overdue").count() == 2 * 5
    assert Entry.objects.filter(event="notices.derived").count() == 1


def test_two_writers_at_once_write_one_letter(fresh_database: str, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    state, at = make_state(), now()
    account = state.person(Role.HEAD, state.science)
    account.email = "dung-dau@example.vn"
    account.save()
    for number in range(5):
        Notice.objects.create(
            account=account,
            reason="overdue",
            subject=str(number),
            text="x",
            path="/",
            created_at=at - timedelta(hours=1),
        )
    assert at_once(*[lambda: write_immediate_letters(by=SYSTEM, at=at)] * 4) == [""] * 4
    assert Letter.objects.count() == 1
