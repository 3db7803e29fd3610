"""The derived table equals what the facts say, after any order of deeds."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reporting.world import World, now, on_plan, today
from thucthi.kernel.errors import ThucThiError
from thucthi.reporting.actions import accept_report, correct_report, return_report, submit_report
from thucthi.reporting.models import Obligation, OpenDuty, Report

DEEDS = st.tuples(st.sampled_from(["submit", "accept", "return", "correct"]), st.integers(0, 2))


def told_by_the_facts() -> dict[int, tuple[str, int | None]]:
    """(state, newest report) of every obligation that is open, read report by report."""
    found: dict[int, tuple[str, int | None]] = {}
    for obligation in Obligation.objects.all():
        last = Report.objects.filter(obligation=obligation).order_by("-version").first()
        if last is None:
            found[obligation.pk] = ("owed", None)
            continue
        verdict = getattr(getattr(last, "acceptance", None), "verdict", None)
        newer = Report.objects.filter(task=obligation.task, obligation__period_end__gt=obligation.period_end)
        if verdict == "returned":
            found[obligation.pk] = ("returned", last.pk)
        elif verdict is None and not newer.exists():
            found[obligation.pk] = ("waiting", last.pk)
    return found


def carry_out(world: World, obligations: list[Obligation], deed: str, which: int) -> None:
    obligation = obligations[which]
    last = Report.objects.filter(obligation=obligation).order_by("-version").first()
    if deed == "submit":
        submit_report(obligation, by=world.reporter(), content=on_plan(), idempotency_key=uuid4(), version=0, at=now())
    elif last is None:
        return
    elif deed == "accept":
        accept_report(
            last, by=world.approver(), content_hash=last.content_hash, progress_accepted=None, note="", at=now()
        )
    elif deed == "return":
        return_report(last, by=world.approver(), content_hash=last.content_hash, note="Thiếu.", at=now())
    else:
        correct_report(last, by=world.reporter(), content=on_plan(), reason="Nhầm.", idempotency_key=uuid4(), at=now())


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DEEDS, max_size=12))
def test_the_triggers_keep_what_the_facts_say(world: World, deeds: list[tuple[str, int]]) -> None:
    point = transaction.savepoint()
    try:
        obligations = [world.obligation("nv-khoa", today() - timedelta(days=7 * ago)) for ago in (2, 1, 0)]
        for deed, which in deeds:
            try:
                with transaction.atomic():
                    carry_out(world, obligations, deed, which)
            except ThucThiError:
                pass
            kept = {row.obligation_id: (row.state, row.report_id) for row in OpenDuty.objects.all()}
            assert kept == told_by_the_facts(), (deed, which)
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_the_application_cannot_write_it(world: World, statement: str) -> None:
    obligation = world.this_week
    rows = OpenDuty.objects.filter(obligation=obligation)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(state="waiting") if statement == "update" else rows._raw_delete("default")
    assert rows.get().state == "owed"
