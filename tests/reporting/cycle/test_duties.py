"""Where a duty stands on a day, and which heads answer for it for how many days."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.world import World, now, on_plan, send, today
from thucthi.directory.models import EventKind, OrganisationEvent, Person, Role, Succession, Tenure
from thucthi.reporting.actions import return_report, submit_report
from thucthi.reporting.calculations.duties import DutyState, Holding, Version, days_in_office, state_of_duty
from thucthi.reporting.models import Obligation
from thucthi.reporting.selectors import reports_due_for
from thucthi.reporting.selectors.duties import answerable, duties_of, standings_of, word_of

START, DUE, GRACE = date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 23)
OFFSETS = st.integers(0, 40)


def standing(on: date, *versions: Version, grace: date | None = GRACE) -> tuple[str, date, int]:
    found = state_of_duty(period_start=START, due_on=DUE, grace_until=grace, versions=versions, on=on)
    return found.state.value, found.since, found.days_late


def test_the_six_words() -> None:
    accepted = Version(date(2026, 11, 19), "accepted", date(2026, 11, 25))
    returned = Version(date(2026, 11, 19), "returned", date(2026, 11, 21))
    late = Version(date(2026, 11, 26))
    assert standing(date(2026, 11, 23)) == ("due", START, 0)
    assert standing(date(2026, 11, 24)) == ("overdue", date(2026, 11, 24), 1)
    assert standing(date(2026, 11, 21), grace=None) == ("overdue", date(2026, 11, 21), 1)
    assert standing(date(2026, 11, 20), accepted) == ("submitted", date(2026, 11, 19), 0)
    assert standing(date(2026, 11, 25), accepted) == ("accepted", date(2026, 11, 25), 0)
    assert standing(date(2026, 12, 9), returned) == ("returned", date(2026, 11, 21), 0)
    assert standing(date(2026, 12, 9), late) == ("submitted", date(2026, 11, 26), 3)


def test_a_correction_falls_back_to_waiting_and_stays_on_time() -> None:
    first = Version(date(2026, 11, 19), "accepted", date(2026, 11, 20))
    assert standing(date(2026, 12, 1), first, Version(date(2026, 11, 30))) == ("submitted", date(2026, 11, 30), 0)


@st.composite
def histories(draw: st.DrawFn) -> list[Version]:
    """Versions in order: each one but the last was decided before the next was sent."""
    day, found = START + timedelta(days=draw(OFFSETS)), []
    for _ in range(draw(st.integers(0, 4))):
        decided = day + timedelta(days=draw(st.integers(0, 9)))
        found.append(Version(day, draw(st.sampled_from(["accepted", "returned"])), decided))
        day = decided + timedelta(days=draw(st.integers(0, 9)))
    return [*found, Version(day)] if draw(st.booleans()) else found


@given(histories(), st.integers(0, 120))
def test_what_comes_later_is_not_looked_at(versions: list[Version], after: int) -> None:
    on = START + timedelta(days=after)
    known = [
        version if version.decided_on is None or version.decided_on <= on else Version(version.sent_on)
        for version in versions
        if version.sent_on <= on
    ]
    assert standing(on, *versions) == standing(on, *known)


@given(histories(), st.integers(0, 120))
def test_overdue_never_vanishes_by_itself(versions: list[Version], after: int) -> None:
    """Nothing sent and its time over: overdue on that day and on every later one until something is sent."""
    on = START + timedelta(days=after)
    state, since, late = standing(on, *versions)
    sent = [version for version in versions if version.sent_on <= on]
    assert (state == "overdue") == (not sent and on > GRACE)
    assert since <= max(on, START)
    assert late == max(((sent[0].sent_on if sent else on) - GRACE).days, 0)


@given(st.lists(st.integers(1, 30), max_size=5), st.integers(0, 60), st.integers(0, 60))
def test_days_in_office_add_up(lengths: list[int], first: int, second: int) -> None:
    since, until = START + timedelta(days=min(first, second)), START + timedelta(days=max(first, second))
    day, holdings = START, []
    for number, length in enumerate(lengths):
        holdings.append(Holding(number, day, day + timedelta(days=length - 1)))
        day += timedelta(days=length)
    parts = days_in_office(holdings, since, until)
    covered = max(0, (min(until, day - timedelta(days=1)) - since).days + 1)
    assert sum(part.days for part in parts) == covered
    assert [part.since for part in parts] == sorted(part.since for part in parts)


def test_a_holder_replaced_in_mid_period_answers_for_his_own_days(world: World) -> None:
    obligation = world.this_week
    post = world.state.head_post(world.state.science)
    old = Tenure.objects.get(post=post)
    old.valid_to = obligation.period_start + timedelta(days=1)
    old.save(update_fields=["valid_to"])
    person = Person.objects.create(display_name="Người mẫu mới", is_invented=True)
    new = Tenure.objects.create(post=post, person=person, valid_from=obligation.period_start + timedelta(days=2))
    on = obligation.period_start + timedelta(days=9)
    found = [(row.tenure, row.days) for row in answerable(obligation, on)]
    assert found == [(old, 2), (new, 8)]
    assert Obligation.objects.get(pk=obligation.pk).organisation == world.state.science


def test_the_heirs_of_a_merged_body_give_its_report(world: World) -> None:
    obligation = world.obligation("nv-tinh", today())
    event = OrganisationEvent.objects.create(
        code="hop-nhat", kind=EventKind.MERGE, effective_on=today(), legal_basis="1/NQ"
    )
    Succession.objects.create(event=event, predecessor=world.state.province, successor=world.state.elsewhere)
    world.state.province.valid_to = today() - timedelta(days=1)
    world.state.province.save(update_fields=["valid_to"])
    heir = world.reporter(world.state.elsewhere)
    due = reports_due_for(heir, today())
    assert [row.obligation for row in (*due.overdue, *due.due_soon)] == [obligation]
    report = submit_report(obligation, by=heir, content=on_plan(), idempotency_key=uuid4(), version=0, at=now())
    assert (report.obligation.organisation, report.author_id) == (world.state.province, heir.account_id)


def test_a_later_lead_is_not_asked_for_the_past(world: World) -> None:
    obligation = world.obligation("nv-tinh", today())
    task = world.tasks["nv-tinh"]
    task.lead = world.state.elsewhere
    # The test's own world: no decision stands behind it, the obligation alone matters.
    type(task).objects.filter(pk=task.pk).update(is_issued=True)
    due = reports_due_for(world.reporter(world.state.province), today())
    assert obligation in [row.obligation for row in (*due.overdue, *due.due_soon)]
    assert reports_due_for(world.reporter(world.state.elsewhere), today()).overdue == ()


def test_the_deadline_passes_between_opening_and_sending(world: World) -> None:
    """The form was opened on the due day; the report counts by the moment it was sent."""
    obligation = world.this_week
    sent_at = timezone.make_aware(datetime.combine(obligation.due_on + timedelta(days=1), datetime.min.time()))
    submit_report(
        obligation,
        by=world.reporter(),
        content=on_plan(is_simulated=True),
        idempotency_key=uuid4(),
        version=0,
        at=sent_at,
    )
    found = standings_of([obligation], obligation.due_on + timedelta(days=30))[obligation.pk]
    assert (found.state, found.days_late, word_of(found)) == (
        DutyState.SUBMITTED, 1, "Chờ nghiệm thu, gửi muộn 1 ngày",
    )  # fmt: skip


def test_the_list_of_duties_keeps_what_nobody_answered(world: World) -> None:
    old, new = world.last_week, world.this_week
    report = send(world, new)
    return_report(report, by=world.approver(), content_hash=report.content_hash, note="Thiếu.", at=now())
    rows = duties_of(world.tasks["nv-khoa"], world.reporter(), today())
    assert [row.obligation for row in rows] == [new, old]
    assert rows[0].standing.state is DutyState.RETURNED
    assert rows[1].standing.state in {DutyState.OVERDUE, DutyState.DUE}
    hidden = world.obligation("nv-mat", today())
    assert duties_of(hidden.task, world.state.viewer(Role.REPORTER, world.state.elsewhere), today()) == []
