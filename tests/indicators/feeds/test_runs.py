"""A run takes a file as a whole or not at all, tells what it did, and never harms what stands."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.indicators.feeds.servers import answer
from tests.indicators.feeds.world import (
    AT,
    World,
    allow,
    ask_now,
    counts,
    make_feed_world,
    source_answering,
    standing,
    table,
)
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.indicators import feed_tasks
from thucthi.indicators.actions.feed_runs import run_feed
from thucthi.indicators.actions.feeds import ask_for_run, change_feed
from thucthi.indicators.fetching import asking
from thucthi.indicators.models import Delivery, FeedRun, Observation
from thucthi.indicators.selectors.feeds import due_feeds, lines_of
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry

DAY = timedelta(days=1)
GOOD = table('5g,AB,2026-Q1,"40,5"', "5g,H,2026-Q1,12")


@pytest.fixture
def world(db: None, settings: Any) -> World:
    allow(settings)
    return make_feed_world()


def test_a_file_is_taken_and_the_run_tells_what_changed(world: World, settings: Any) -> None:
    feed = world.asked()
    with source_answering(settings, answer(GOOD, content_type="text/csv")):
        run = run_feed(feed, by=SYSTEM, asked=ask_now(feed), started_at=AT)
    assert (run.outcome, run.rows, run.faults, run.warnings) == ("taken", 2, [], [])
    assert run.sentence == "Đã nhận 2 số mới, 0 số thay số cũ; 0 số giữ nguyên."
    assert run.differences[0] == {
        "indicator": "5g",
        "organisation": "ubnd-an-binh",
        "period": "2026-Q1",
        "old": None,
        "new": {"state": "number", "amount": "40.5"},
    }
    assert standing(world.coverage) == {
        ("ubnd-an-binh", "2026-Q1"): ("number", "40.5"),
        ("ubnd-hoa", "2026-Q1"): ("number", "12"),
    }
    row = Observation.objects.order_by("pk")[0]
    assert (row.source, row.kind, row.delivery) == ("Cục Thống kê tỉnh An Bình", "actual", run.delivery)
    assert str(row.available_on) == "2026-11-20"
    assert (run.delivery.kind, run.delivery.feed) == ("feed", feed)
    assert "GET http://so-lieu.example.vn/a.csv at 127.0.0.1 port" in run.log
    entry = Entry.objects.get(event="feeds.run_ended")
    assert (entry.content["outcome"], entry.content["feed"], entry.actor_label) == ("taken", "cuc-thong-ke", "Hệ thống")
    with pytest.raises(DatabaseError), transaction.atomic():
        FeedRun.objects.update(outcome="failed")


def test_the_same_file_again_is_unchanged_without_being_delivered(world: World) -> None:
    feed = world.asked()
    world.take(feed, GOOD)
    before = counts()
    run = world.take(feed, GOOD, AT + DAY)
    assert (run.outcome, run.delivery) == ("unchanged", None)
    assert counts() == (before[0], before[1], before[2] + 1, before[3] + 1)
    reordered = table("5g,H,2026-Q1,12", '5g,AB,2026-Q1,"40,5"')
    run = world.take(feed, reordered, AT + 2 * DAY)
    assert (run.outcome, run.sentence) == (
        "unchanged",
        "Đã đọc 2 dòng; không có số liệu nào khác với số đang có.",
    )
    assert Delivery.objects.count() == 1


def test_the_same_file_read_by_other_settings_is_read_anew(world: World) -> None:
    feed = world.asked()
    world.take(feed, GOOD)
    settings = dict(feed.settings, codes={"organisation": {"AB": "ubnd-hoa", "H": "ubnd-an-binh"}})
    changed = world.content(address=feed.address, every="daily", settings=settings)
    feed = change_feed(feed, by=world.keeper, content=changed)
    assert world.take(feed, GOOD, AT + DAY).outcome == "taken"
    assert standing(world.coverage)["ubnd-hoa", "2026-Q1"] == ("number", "40.5")


def test_a_changed_number_is_a_correction_with_old_and_new(world: World) -> None:
    feed = world.asked()
    world.take(feed, GOOD)
    run = world.take(feed, table("5g,AB,2026-Q1,41 (sơ bộ)", "5g,H,2026-Q1,12", "5g,AB,2026-Q2,0"), AT + DAY)
    assert run.sentence == "Đã nhận 1 số mới, 1 số thay số cũ; 1 số giữ nguyên."
    assert [(row["period"], row["old"], row["new"]) for row in run.differences] == [
        ("2026-Q1", {"state": "number", "amount": "40.500000"}, {"state": "provisional", "amount": "41"}),
        ("2026-Q2", None, {"state": "confirmed_zero", "amount": "0"}),
    ]


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        ("5gg,AB,2026-Q1,1", "indicator", "near_indicator"),
        ("ngheo,AB,2026-Q1,1", "indicator", "unknown_indicator"),
        ("5g,XX,2026-Q1,1", "organisation", "unknown_organisation"),
        ("5g,ubnd-an-khe,2026-Q1,1", "organisation", "not_yours"),
        ("5g,cả nước,2026-Q1,1", "organisation", "not_yours"),
        ("5g,AB,2026-13,1", "period", "unknown"),
        ("5g,AB,2099-Q1,1", "period", "ahead"),
        ("5g,AB,2026-Q2,abc", "value", "not_a_number"),
        ("5g,AB,2026-Q2,NaN", "value", "no_finite_number"),
        ("5g,AB,2026-Q2,1e30", "value", "too_large"),
        ("5g,AB,2026-Q1,41", "indicator", "twice"),
    ],
)
def test_one_wrong_row_keeps_all_rows_out(world: World, line: str, field: str, code: str) -> None:
    feed = world.asked()
    world.take(feed, table("5g,AB,2025-Q4,39"))
    before = counts()
    run = world.take(feed, GOOD.rstrip() + f"\n{line}\n".encode(), AT + DAY)
    assert run.outcome == "refused"
    assert [(fault["row"], fault["field"], fault["code"]) for fault in run.faults] == [(4, field, code)]
    assert run.sentence.startswith("Có 1 dòng sai trong 3 dòng nên chưa nhận dòng nào")
    assert counts() == (before[0], before[1], before[2] + 1, before[3] + 1)
    assert standing(world.coverage) == {("ubnd-an-binh", "2025-Q4"): ("number", "39")}


@pytest.mark.parametrize(
    "said",
    [
        answer(b"no", status="500 Internal Server Error"),
        answer(b"", status="302 Found", Location="http://169.254.169.254/"),
        answer(b"<html>maintenance</html>"),
        b"",
    ],
)
def test_a_failure_of_any_sort_changes_no_value(world: World, settings: Any, said: bytes) -> None:
    feed = world.asked()
    world.take(feed, GOOD)
    held, before = standing(world.coverage), counts()
    with source_answering(settings, said):
        run = run_feed(feed, by=SYSTEM, asked=ask_now(feed), started_at=AT + DAY)
    assert (run.outcome, run.delivery, run.rows) == ("failed", None, 0)
    assert run.log
    assert run.sentence
    assert standing(world.coverage) == held
    assert counts() == (before[0], before[1], before[2] + 1, before[3] + 1)
    assert world.take(feed, GOOD, AT + 2 * DAY).outcome == "unchanged"


def test_nothing_said_about_a_number_never_takes_it_back(world: World) -> None:
    feed = world.asked()
    world.take(feed, GOOD)
    run = world.take(feed, table("5g,AB,2026-Q1,", "5g,H,2026-Q1,chưa có", "5g,H,2026-Q2,chưa có"), AT + DAY)
    assert run.outcome == "taken"
    assert run.warnings[:2] == [
        "1 dòng ghi “chưa có” không thay số đang có.",
        "1 dòng để trống giá trị được bỏ qua.",
    ]
    assert standing(world.coverage) == {
        ("ubnd-an-binh", "2026-Q1"): ("number", "40.5"),
        ("ubnd-hoa", "2026-Q1"): ("number", "12"),
        ("ubnd-hoa", "2026-Q2"): ("not_reported", ""),
    }


def test_a_source_may_take_back_a_number_when_it_was_set_up_so(world: World) -> None:
    feed = world.asked(settings={**world.asked("khac").settings, "may_withdraw": True})
    world.take(feed, GOOD)
    assert world.take(feed, table("5g,H,2026-Q1,chưa có"), AT + DAY).outcome == "taken"
    assert standing(world.coverage)["ubnd-hoa", "2026-Q1"] == ("not_reported", "")


def test_only_its_keepers_let_a_source_run(world: World) -> None:
    feed, before = world.asked(), counts()
    asked = asking.read(GOOD, "table", feed.settings)
    for role, body in ((Role.REPORTER, world.state.province), (Role.STEERING_OFFICE, world.state.elsewhere)):
        with pytest.raises(Forbidden):
            run_feed(feed, by=world.state.viewer(role, body), asked=asked, started_at=AT)
        with pytest.raises(Forbidden):
            ask_for_run(feed, by=world.state.viewer(role, body))
    assert counts() == (before[0], before[1], before[2], before[3])
    above = world.state.viewer(Role.STEERING_OFFICE, world.state.government)
    assert run_feed(feed, by=above, asked=asked, started_at=AT).outcome == "taken"


def test_a_run_that_was_asked_for_waits_once_in_the_queue(world: World) -> None:
    feed = world.asked()
    ask_for_run(feed, by=world.keeper)
    with pytest.raises(Refused):
        ask_for_run(feed, by=world.keeper)
    assert ProcrastinateJob.objects.filter(task_name="indicators.ask_feed").count() == 1
    assert Entry.objects.filter(event="feeds.run_asked").count() == 1


def test_the_worker_knows_the_jobs() -> None:
    assert {"indicators.ask_feed", "indicators.start_due_feeds"} <= set(app.tasks)


def test_due_sources_get_one_job_each(world: World) -> None:
    first, second = world.asked("mot"), world.asked("hai")
    change_feed(second, by=world.keeper, content=world.content(address=second.address, every="daily",
                settings=second.settings, is_active=False))  # fmt: skip
    world.sender()
    assert feed_tasks.start_due_feeds(0) == 1
    assert feed_tasks.start_due_feeds(0) == 0
    assert [job.args for job in ProcrastinateJob.objects.filter(task_name="indicators.ask_feed")] == [
        {"feed_id": first.pk}
    ]


def test_the_job_asks_and_keeps_the_run(world: World, settings: Any) -> None:
    feed = world.asked()
    with source_answering(settings, answer(GOOD)):
        feed_tasks.ask_feed(feed.pk)
    assert feed.runs.get().outcome == "taken"


def test_our_own_mistake_leaves_a_run_with_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret detail")

    feed = world.asked()
    monkeypatch.setattr(feed_tasks, "ask", broken)
    with pytest.raises(ZeroDivisionError):
        feed_tasks.ask_feed(feed.pk)
    run = feed.runs.get()
    assert (run.outcome, run.log, run.sentence) == ("failed", "ZeroDivisionError", feed_tasks.BROKEN)


def test_a_source_is_due_by_its_rhythm_and_sooner_after_a_failure(world: World) -> None:
    feed = world.asked()
    assert due_feeds(AT) == [feed]
    world.take(feed, GOOD)
    assert due_feeds(AT + timedelta(hours=23)) == []
    assert due_feeds(AT + DAY) == [feed]
    run_feed(feed, by=SYSTEM, asked=asking.Asked(failure=asking.Said("x")), started_at=AT + DAY)
    assert lines_of([feed])[0].next_at == AT + DAY + timedelta(minutes=15)
    run_feed(feed, by=SYSTEM, asked=asking.Asked(failure=asking.Said("x")), started_at=AT + 2 * DAY)
    assert lines_of([feed])[0].next_at == AT + 2 * DAY + timedelta(minutes=30)
