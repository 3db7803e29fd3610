"""One press for many reports: one transaction, one entry, races told row by row."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reporting.world import World, now, on_plan, send, today
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import Shown, accept_report, accept_reports, return_report, store_evidence
from thucthi.reporting.models import Acceptance, Endorsement, Report
from thucthi.reporting.selectors import review_queue

MOST_QUERIES = 20


def reports(world: World, *codes: str) -> list[Report]:
    return [send(world, world.obligation(code, today())) for code in codes]


def shown(*rows: Report) -> list[Shown]:
    return [Shown(row.pk, row.content_hash, row.route[0] if row.route else "") for row in rows]


def test_many_are_accepted_with_one_entry(world: World) -> None:
    rows = reports(world, "nv-khoa", "nv-tinh", "nv-xa")
    before = Entry.objects.count()
    outcome = accept_reports(shown(*rows), by=world.approver(), note="", at=now())
    assert sorted(outcome.accepted) == sorted(row.pk for row in rows)
    assert (outcome.endorsed, outcome.not_taken) == ((), ())
    assert Acceptance.objects.filter(verdict="accepted", progress_accepted=40).count() == 3
    entry = Entry.objects.get(event="reports.accepted")
    assert (Entry.objects.count() - before, entry.content["count"]) == (1, 3)
    assert sorted(row[:2] for row in entry.content["reports"]) == sorted([row.pk, row.content_hash] for row in rows)
    assert review_queue(world.approver()) == []


def test_what_was_decided_meanwhile_is_told_and_the_rest_is_taken(world: World) -> None:
    first, second, third = reports(world, "nv-khoa", "nv-tinh", "nv-xa")
    other = world.head(world.state.government)
    return_report(first, by=other, content_hash=first.content_hash, note="Thiếu.", at=now())
    asked = [*shown(first, second), Shown(third.pk, "0" * 64), Shown(999_999, "0" * 64)]
    outcome = accept_reports(asked, by=world.approver(), note="", at=now())
    assert outcome.accepted == (second.pk,)
    told = {row.report_id: row.sentence for row in outcome.not_taken}
    assert told[first.pk].startswith("head-chinh-phu đã xử lý báo cáo này trước: Trả lại")
    assert told[third.pk].startswith("Nội dung đang hiện không phải là bản báo cáo này")
    assert told[999_999].startswith("Không có báo cáo này")
    assert Acceptance.objects.get(report=first).verdict == "returned"
    assert not Acceptance.objects.filter(report=third).exists()


def test_a_hidden_report_is_unknown_in_bulk_too(world: World) -> None:
    (hidden,) = reports(world, "nv-mat")
    outcome = accept_reports(shown(hidden), by=world.approver(), note="", at=now())
    assert [row.sentence for row in outcome.not_taken] == [
        "Không có báo cáo này, hoặc ông/bà không thuộc phạm vi được xem."
    ]
    assert (Acceptance.objects.count(), Entry.objects.filter(event="reports.accepted").count()) == (0, 0)


def test_lower_rungs_agree_in_bulk(world: World) -> None:
    from tests.reporting.cycle.test_routes import routed

    province = world.approver(world.state.province)
    world.approver()
    routed(world, "superior", "owner", level="commune")
    (row,) = reports(world, "nv-xa")
    outcome = accept_reports(shown(row), by=province, note="", at=now())
    assert (outcome.accepted, outcome.endorsed) == ((), (row.pk,))
    assert Endorsement.objects.get().rung == "superior"
    (item,) = review_queue(world.approver())
    outcome = accept_reports([Shown(row.pk, row.content_hash, item.rung)], by=world.approver(), note="", at=now())
    assert outcome.accepted == (row.pk,)


def test_an_empty_choice_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        accept_reports([], by=world.approver(), note="", at=now())
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("role", [Role.REPORTER, Role.AUDITOR, Role.STEERING_OFFICE])
def test_who_judges_nothing_is_turned_away(world: World, role: Role) -> None:
    rows = reports(world, "nv-khoa")
    with pytest.raises(Forbidden):
        accept_reports(shown(*rows), by=world.state.viewer(role, world.state.government), note="", at=now())
    assert Acceptance.objects.count() == 0


def test_the_queue_shows_what_changed_since_the_last_accepted(world: World) -> None:
    first = send(world, world.last_week, on_plan("40", note="Một."))
    accept_report(
        first, by=world.approver(), content_hash=first.content_hash, progress_accepted=None, note="", at=now()
    )
    store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=b"a,b")
    send(world, world.this_week, on_plan("45", note="Một."))
    (item,) = review_queue(world.approver())
    assert [(row.field, row.before, row.after) for row in item.differences] == [("progress", "40", "45")]
    assert (item.files, item.last_accepted) == (1, first)


def test_the_price_of_the_queue_is_the_same_for_any_length(world: World) -> None:
    by, asked = world.approver(), []
    for codes in (("nv-khoa",), ("nv-tinh", "nv-xa")):
        reports(world, *codes)
        with CaptureQueriesContext(connection) as queries:
            found = review_queue(by)
        asked.append(len(queries))
    assert len(found) == 3
    assert asked[0] == asked[1] <= MOST_QUERIES


def test_an_older_unjudged_report_leaves_the_queue_and_can_still_be_opened(world: World) -> None:
    older = send(world, world.obligation("nv-khoa", today() - timedelta(days=7)))
    newer = send(world, world.this_week)
    assert [item.report for item in review_queue(world.approver())] == [newer]
    outcome = accept_reports(shown(older, newer), by=world.approver(), note="", at=now())
    assert sorted(outcome.accepted) == sorted([older.pk, newer.pk])
