"""Remarks on a task: who is named is called upon, who may not see is not, a settled thread stays settled."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.programmes.test_races import at_once
from tests.programmes.world import World, make_world
from tests.reporting.world import now
from thucthi.directory.models import Account, Role
from thucthi.documents.models import Document, Security
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import add_remark, close_thread
from thucthi.programmes.calculations.mentions import mentioned_names
from thucthi.programmes.models import Remark, RemarkClosing, RemarkMention, Task


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


@pytest.fixture
def task(world: World) -> Task:
    return world.issued()


def say(world: World, task: Task, text: str = "Vướng vốn.", **other: object) -> Remark:
    whole = {"by": world.editor, "organisation": world.state.science, "at": now(), **other}
    return add_remark(task, text=text, **whole)


def nothing_moved() -> bool:
    return not (Remark.objects.exists() or Entry.objects.filter(event__startswith="remark.").exists())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nhờ @bo-tai-chinh, @nam.le và @bo-tai-chinh.", ("bo-tai-chinh", "nam.le")),
        ("thư a@b.vn, trang http://x.vn/@y, @@z, a/@b", ()),
        ("(@a_b) @c-", ("a_b", "c")),
        ("", ()),
    ],
)
def test_names_in_a_text(text: str, names: tuple[str, ...]) -> None:
    assert mentioned_names(text) == names


@given(st.lists(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True), max_size=5))
def test_every_name_written_is_found_once(names: list[str]) -> None:
    assert mentioned_names(" ".join(f"@{name}." for name in names)) == tuple(dict.fromkeys(names))


def test_accounts_and_bodies_are_called_upon(world: World, task: Task) -> None:
    account = world.state.person(Role.HEAD, world.state.finance)
    remark = say(world, task, "@head-bo-tai-chinh, @ubnd-an-binh và @BO-TAI-CHINH xem giúp.")
    mentions = RemarkMention.objects.filter(remark=remark)
    assert set(mentions.values_list("account__username", "organisation__code")) == {
        (account.username, None),
        (None, "ubnd-an-binh"),
        (None, "bo-tai-chinh"),
    }
    entry = Entry.objects.get(event="remark.added")
    assert sorted(entry.content["organisations"]) == ["bo-tai-chinh", "ubnd-an-binh"]


def test_all_faults_come_at_once_and_nothing_moves(world: World, task: Task) -> None:
    with pytest.raises(Refused) as refused:
        say(world, task, "@khong-ai ơi, @cung-khong", organisation=world.state.finance)
    assert [fault.field for fault in refused.value.faults] == ["text", "text", "organisation"]
    for text in (" ", "x" * 4_001, " ".join(f"@ten{number}" for number in range(21))):
        with pytest.raises(Refused):
            say(world, task, text)
    assert nothing_moved()


def test_a_closed_account_is_nobody(world: World, task: Task) -> None:
    account = world.state.person(Role.HEAD, world.state.finance)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(Refused):
        say(world, task, "@head-bo-tai-chinh")


def test_who_may_not_see_the_task_is_neither_called_nor_heard(kept: Kept[World]) -> None:
    world = kept(make_world)
    task, state = world.issued(), world.state
    Document.objects.filter(pk=world.document.pk).update(security=Security.INTERNAL)
    state.person(Role.HEAD, state.finance)
    for name in ("head-bo-tai-chinh", "bo-tai-chinh"):
        with pytest.raises(Refused, match="không được xem"):
            say(world, task, f"@{name}")
    with pytest.raises(Forbidden):
        say(world, task, by=state.viewer(Role.HEAD, state.finance), organisation=state.finance)
    assert nothing_moved()
    say(world, task, "@bo-khoa-hoc")


def test_an_answer_to_an_answer_stays_in_the_thread(world: World, task: Task) -> None:
    first = say(world, task)
    second = say(world, task, "Đã gửi công văn.", answers=first)
    third = say(world, task, "Đã nhận.", answers=second)
    assert (second.answers, third.answers) == (first, first)


def test_a_settled_thread_takes_no_more(world: World, task: Task) -> None:
    first = say(world, task)
    answer = say(world, task, "Rồi.", answers=first)
    stranger = world.state.viewer(Role.HEAD, world.state.elsewhere)
    with pytest.raises(Forbidden):
        close_thread(first, by=stranger, at=now())
    with pytest.raises(Refused):
        close_thread(answer, by=world.editor, at=now())
    lead = world.state.viewer(Role.REPORTER, world.state.finance)
    close_thread(first, by=lead, at=now() + timedelta(seconds=1))
    for late in (lambda: close_thread(first, by=lead, at=now()), lambda: say(world, task, "Nữa.", answers=first)):
        with pytest.raises(Stale):
            late()
    assert (Remark.objects.count(), RemarkClosing.objects.count()) == (2, 1)
    assert Entry.objects.filter(event="remark.settled").count() == 1


def test_the_page_takes_a_remark_an_answer_and_a_settlement(world: World, task: Task) -> None:
    client, address = Client(), f"/lam-viec/nhiem-vu/{task.code}/trao-doi/"
    client.force_login(
        world.state.person(Role.PROGRAMME_EDITOR, world.state.science),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert client.post(address, {"organisation": "bo-khoa-hoc", "text": "@khong-ai"}).status_code == 422
    assert client.post(address, {"organisation": "bo-khoa-hoc", "text": "Vướng <b>vốn</b>."}).status_code == 302
    first = Remark.objects.get()
    page = client.get(address).content.decode()
    assert "Vướng &lt;b&gt;vốn&lt;/b&gt;." in page
    assert "diem-nghen/them/?nhiem-vu=ct57-01" not in page
    answering = client.get(f"{address}?tra-loi={first.pk}").content.decode()
    assert f'name="answers" value="{first.pk}"' in answering
    answer = {"organisation": "bo-khoa-hoc", "text": "Đã có.", "answers": first.pk}
    assert client.post(address, answer).status_code == 302
    assert Remark.objects.get(answers=first).text == "Đã có."
    assert client.post(f"{address}{first.pk}/xong/").status_code == 302
    assert client.post(address, answer).status_code == 409
    assert client.post(address, {**answer, "answers": "999999"}).status_code == 404
    assert "Đã giải quyết" in client.get(address).content.decode()


def test_a_remark_becomes_an_obstacle(world: World, task: Task) -> None:
    say(world, task, "Chưa có vốn.")
    client = Client()
    client.force_login(
        world.state.person(Role.REPORTER, world.state.finance), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = client.get(f"/lam-viec/nhiem-vu/{task.code}/trao-doi/").content.decode()
    link = page.split('href="/lam-viec/diem-nghen/them/')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/lam-viec/diem-nghen/them/{link}").content.decode()
    assert "Chưa có vốn." in form
    assert f'value="{task.code}"' in form


def test_two_settle_at_once_and_one_is_told(fresh_database: str) -> None:
    world = make_world()
    task = world.issued()
    first = say(world, task)
    by = world.editor
    assert at_once(*[lambda: close_thread(first, by=by, at=now())] * 4) == ["", "Stale", "Stale", "Stale"]
    assert RemarkClosing.objects.count() == 1
