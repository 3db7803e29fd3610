"""Letters: written once, gathered, kept to what was chosen; the digest on the first working morning of the week."""

from datetime import date, datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.world import World, make_world, now, today
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Role
from thucthi.ledger.models import Entry
from thucthi.workspace.actions import send_next_letter, write_digests, write_immediate_letters
from thucthi.workspace.calculations import digest_key, digest_moment, one_line, pause_before_retry
from thucthi.workspace.calculations.mailing import HANOI
from thucthi.workspace.models import Letter, Notice, NoticeChoice
from thucthi.workspace.selectors.letters import post
from thucthi.workspace.selectors.unsubscribing import stopping, unsubscribe_address

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 12, 7, 7, 30, tzinfo=HANOI)


@pytest.fixture
def world(settings: Any) -> World:
    settings.MAIL_IS_SET_UP = True
    settings.SITE_URL = "https://thucthi.example"
    made = make_world()
    for role in (Role.HEAD, Role.REPORTER):
        account = made.state.person(role, made.state.science)
        account.email = f"{role.value}@example.vn"
        account.date_joined = MONDAY - timedelta(days=30)
        account.save()
    return made


def notice(account: Account, subject: str, at: datetime, reason: str = "overdue", text: str = "việc") -> Notice:
    return Notice.objects.create(
        account=account, reason=reason, subject=subject, text=text, path="/lam-viec/", created_at=at
    )


def head_of(world: World) -> Account:
    return world.state.person(Role.HEAD, world.state.science)


def test_what_happens_within_minutes_goes_into_one_letter(world: World) -> None:
    at, head = now(), head_of(world)
    notice(head, "a", at - timedelta(minutes=6), "returned", "Báo cáo nv-khoa")
    notice(head, "b", at - timedelta(minutes=1), "overdue")
    notice(head, "c", at - timedelta(minutes=6), "to_accept")
    assert write_immediate_letters(by=SYSTEM, at=at) == 1
    letter = Letter.objects.get()
    assert (letter.reason, letter.to, letter.subject) == (
        "returned",
        "head@example.vn",
        "Thực Thi: 2 việc cần xem ngay",
    )
    assert "- Báo cáo nv-khoa\n  https://thucthi.example/lam-viec/" in letter.body
    assert "BÁO CÁO BỊ TRẢ LẠI (1)" in letter.body
    assert letter.body.count("https://thucthi.example/lam-viec/thong-bao/ngung/") == 2
    assert set(Notice.objects.filter(letter=letter).values_list("subject", flat=True)) == {"a", "b"}
    assert write_immediate_letters(by=SYSTEM, at=at) == 0
    assert Entry.objects.get(event="letters.written").content["notices"] == 2


def test_a_letter_waits_until_five_minutes_have_passed(world: World) -> None:
    at = now()
    notice(head_of(world), "a", at - timedelta(minutes=4))
    assert write_immediate_letters(by=SYSTEM, at=at) == 0
    assert write_immediate_letters(by=SYSTEM, at=at + timedelta(minutes=1)) == 1


def test_no_mail_for_what_was_seen_refused_or_has_no_address_and_none_while_mail_is_not_set_up(
    world: World, settings: Any
) -> None:
    at, head, reporter = now(), head_of(world), world.state.person(Role.REPORTER, world.state.science)
    seen = notice(head, "a", at - timedelta(hours=1))
    Notice.objects.filter(pk=seen.pk).update(seen_at=at)
    notice(head, "b", at - timedelta(hours=1), "returned")
    NoticeChoice.objects.create(account=head, reason="returned", by_mail=False, changed_at=at)
    Account.objects.filter(pk=reporter.pk).update(email="")
    notice(reporter, "c", at - timedelta(hours=1))
    assert write_immediate_letters(by=SYSTEM, at=at) == 0
    assert post(today()).without_address == 1
    notice(head, "d", at - timedelta(hours=1))
    settings.MAIL_IS_SET_UP = False
    assert write_immediate_letters(by=SYSTEM, at=at) == write_digests(by=SYSTEM, at=MONDAY) == 0
    assert (Letter.objects.count(), post(today()).is_set_up) == (0, False)


def test_many_things_are_cut_and_counted(world: World) -> None:
    at = now()
    for number in range(25):
        notice(head_of(world), str(number), at - timedelta(minutes=10), text=f"việc số {number}")
    write_immediate_letters(by=SYSTEM, at=at)
    body = Letter.objects.get().body
    assert (body.count("việc số"), "… và 5 việc khác." in body) == (20, True)


def test_the_digest_is_one_per_account_and_week_from_monday_0730(world: World) -> None:
    assert write_digests(by=SYSTEM, at=MONDAY - timedelta(minutes=1)) == 0
    assert write_digests(by=SYSTEM, at=MONDAY) == 2
    assert write_digests(by=SYSTEM, at=MONDAY) == 0
    assert write_digests(by=SYSTEM, at=MONDAY + timedelta(days=3)) == 0
    letter = Letter.objects.get(to="head@example.vn")
    assert (letter.key, letter.subject) == ("digest:2026-W50", "Thực Thi: việc của tôi tuần 50/2026")
    assert "- Chờ tôi nghiệm thu: 0" in letter.body
    assert "Bản tin đầu tuần, mỗi tuần một thư." in letter.body
    assert Entry.objects.get(event="digests.written").content["letters"] == 2


def test_the_digest_lists_the_first_of_each_group(world: World) -> None:
    world.obligation("nv-khoa", MONDAY.date())
    write_digests(by=SYSTEM, at=MONDAY)
    body = Letter.objects.get(to="reporter@example.vn").body
    assert "- Đến hạn trong 7 ngày: 1" in body
    assert (
        "- nv-khoa · 2026-W50 · 11/12/2026\n  https://thucthi.example/lam-viec/nhiem-vu/nv-khoa/bao-cao/2026-W50/"
        in body
    )


def test_who_wants_no_digest_or_came_later_gets_none(world: World) -> None:
    NoticeChoice.objects.create(account=head_of(world), reason="digest", by_mail=False, changed_at=now())
    Account.objects.filter(email="reporter@example.vn").update(date_joined=MONDAY + timedelta(hours=1))
    assert write_digests(by=SYSTEM, at=MONDAY + timedelta(hours=2)) == 0


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 12, 9), datetime(2026, 12, 7, 7, 30, tzinfo=HANOI)),
        (date(2027, 2, 9), datetime(2027, 2, 11, 7, 30, tzinfo=HANOI)),  # Tết Đinh Mùi: back on Thursday
        (date(2026, 2, 18), None),  # Tết Bính Ngọ: the whole week off
    ],
)
def test_the_morning_of_the_digest(day: date, moment: datetime | None) -> None:
    assert digest_moment(day) == moment


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_every_day_of_a_week_has_the_same_digest(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    assert (digest_key(day), digest_moment(day)) == (digest_key(monday), digest_moment(monday))
    if moment := digest_moment(day):
        assert digest_key(moment.date()) == digest_key(day)


@given(st.text())
def test_a_line_of_a_head_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 200
    assert all(letter.isprintable() for letter in line)
    assert one_line(line) == line


def test_pauses_double_up_to_six_hours() -> None:
    assert [pause_before_retry(n) // timedelta(minutes=1) for n in (1, 2, 3, 7, 8, 60)] == [5, 10, 20, 320, 360, 360]


def test_what_officials_write_cannot_add_lines_to_the_head_of_a_mail(world: World) -> None:
    at = now()
    notice(head_of(world), "a", at - timedelta(minutes=6), "mentioned", "nv\r\nBcc: ai@example.vn\r\n\r\nxin chào")
    write_immediate_letters(by=SYSTEM, at=at)
    Letter.objects.update(subject="Thực Thi\r\nBcc: ai@example.vn")
    with mail.get_connection() as connection:
        assert send_next_letter(by=SYSTEM, at=at, connection=connection).outcome == "sent"
    (sent,) = mail.outbox
    read: Message = sent.message()
    assert (sent.recipients(), read["Bcc"], sent.subject) == (
        ["head@example.vn"],
        None,
        "Thực Thi Bcc: ai@example.vn",
    )
    assert "- nv Bcc: ai@example.vn xin chào" in sent.body
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["List-Unsubscribe"].startswith("<https://thucthi.example/lam-viec/thong-bao/ngung/")


def test_an_address_with_a_line_break_is_refused_and_kept(world: World) -> None:
    at = now()
    notice(head_of(world), "a", at - timedelta(minutes=6))
    write_immediate_letters(by=SYSTEM, at=at)
    Letter.objects.update(to="a@example.vn\nBcc: b@example.vn")
    with mail.get_connection() as connection:
        assert send_next_letter(by=SYSTEM, at=at, connection=connection).outcome == "refused"
    letter = Letter.objects.get()
    assert (mail.outbox, letter.sent_at, letter.attempts) == ([], None, 1)
    assert "BadHeaderError" in letter.last_error


def test_the_link_of_a_letter_stops_one_kind_and_only_by_a_press(world: World) -> None:
    head, client = head_of(world), Client(enforce_csrf_checks=True)
    address = unsubscribe_address(head.pk, "mentioned").removeprefix("https://thucthi.example")
    assert client.get(address).status_code == 200
    assert NoticeChoice.objects.count() == 0
    for _press in range(2):
        assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    choice = NoticeChoice.objects.get()
    assert (choice.account, choice.reason, choice.by_mail) == (head, "mentioned", False)
    assert Entry.objects.get(event="mail.chosen").actor_label == head.username
    assert "Đã ngừng" in client.get(address).content.decode()


@pytest.mark.parametrize("broken", ["x", "W10:abc:def", ""])
def test_a_forged_link_stops_nothing(world: World, broken: str) -> None:
    assert stopping(broken) is None
    good = unsubscribe_address(head_of(world).pk, "mentioned").rstrip("/").rpartition("/")[2]
    assert stopping(good).reason == "mentioned"
    forged = good[:-1] + ("A" if good[-1] != "A" else "B")
    assert Client().post(f"/lam-viec/thong-bao/ngung/{forged}/").status_code == 403
    Account.objects.filter(pk=head_of(world).pk).update(is_active=False)
    assert stopping(good) is None
    assert NoticeChoice.objects.count() == 0


def test_the_time_zone_of_the_digest_has_no_summer(world: World) -> None:
    assert digest_moment(date(2026, 7, 6)).astimezone(timezone.get_fixed_timezone(0)).time().isoformat() == "00:30:00"
