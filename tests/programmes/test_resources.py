"""Money of tasks: who states what, corrections, sums with coverage, questions; the start of projects."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.programmes.test_races import at_once
from tests.programmes.world import ISSUED_ON, World, make_world
from thucthi.directory.models import Account, Role
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import (
    NewFunding,
    allocate_funding,
    cancel_task,
    correct_funding,
    start_task,
    state_disbursement,
    suspend_task,
)
from thucthi.programmes.calculations.resources import Money, Question, questions, sums, warned
from thucthi.programmes.models import Funding, Task, TaskEvent
from thucthi.programmes.selectors.money_sums import (
    documents_with_money,
    money_of_documents,
    money_of_programmes,
    programmes_under,
)
from thucthi.programmes.selectors.resources import money_of, resources_page

TODAY = date(2026, 6, 1)
amounts = st.none() | st.decimals(0, 10**6, places=2)
moneys = st.builds(Money, amounts, amounts, amounts)


def test_missing_is_not_zero() -> None:
    unknown, zero = Money(Decimal(10), None, None), Money(Decimal(10), Decimal(0), Decimal(0))
    found = sums([unknown, zero, Money(None, None, None), Money(Decimal(0), None, None)])
    assert (found.tasks, found.needing) == (4, 2)
    assert (found.needed.amount, found.needed.known, found.needed.of) == (Decimal(20), 3, 4)
    assert (found.allocated.amount, found.allocated.known, found.allocated.of) == (Decimal(0), 1, 2)
    assert sums([unknown]).allocated.amount is None
    assert sums([]).needed == sums([]).allocated


def test_questions_not_refusals() -> None:
    assert questions(Money(Decimal(10), Decimal(5), Decimal(6))) == (Question.OVER_DISBURSED,)
    assert questions(Money(Decimal(10), None, Decimal(6))) == (Question.DISBURSED_WITHOUT,)
    assert questions(Money(Decimal(10), Decimal(11), None)) == (Question.OVER_ALLOCATED,)
    assert questions(Money(Decimal(10), None, Decimal(0))) == ()
    assert questions(Money(None, None, None)) == ()


@given(st.lists(moneys, max_size=12), st.integers(0, 12))
def test_sums_of_parts_are_the_sum(rows: list[Money], cut: int) -> None:
    whole, left, right = sums(rows), sums(rows[:cut]), sums(rows[cut:])
    for name in ("needed", "allocated", "disbursed"):
        parts = [getattr(left, name), getattr(right, name)]
        known = [part.amount for part in parts if part.amount is not None]
        assert getattr(whole, name).amount == (sum(known) if known else None)
        assert getattr(whole, name).known == sum(part.known for part in parts)
        assert getattr(whole, name).of == sum(part.of for part in parts)


@given(moneys, st.integers(-400, 400))
def test_a_covered_task_is_never_warned_of(money: Money, days: int) -> None:
    start = date(2026, 6, 1)
    found = warned(money, start, date.fromordinal(start.toordinal() - days))
    assert (found is not None) == (money.is_covered is False and days <= 90)
    if found is not None:
        assert (found.days, found.gap > 0) == (days, True)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def new(amount: str | None, day: date | None = date(2026, 5, 4), reference: str = "QĐ 5") -> NewFunding:
    return NewFunding(None if amount is None else Decimal(amount), day, reference)


def lead(world: World) -> object:
    return world.state.viewer(Role.REPORTER, world.state.finance)


def moved() -> tuple[int, int, int]:
    return Funding.objects.count(), TaskEvent.objects.count(), Entry.objects.count()


def fields(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {fault.field for fault in refused.value.faults}


def test_the_owner_gives_and_the_lead_spends(world: World) -> None:
    task = world.issued()
    allocate_funding(task, by=world.head, new=new("800"), on=TODAY)
    allocate_funding(task, by=world.editor, new=new("100.50"), on=TODAY)
    state_disbursement(task, by=lead(world), new=new("950"), on=TODAY)
    page = resources_page(lead(world), task, TODAY)
    assert page.money == Money(Decimal("1200.50"), Decimal("900.50"), Decimal(950))
    assert page.money.gap == Decimal(300)
    assert page.questions == (Question.OVER_DISBURSED,)
    assert (page.can_allocate, page.can_disburse) == (False, True)
    assert money_of([task], date(2026, 5, 3))[task.pk] == Money(Decimal("1200.50"), None, None)
    events = Entry.objects.filter(event__startswith="funding.").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["funding.allocated", "funding.allocated", "funding.disbursed"]


def test_who_may_not_and_what_is_refused(world: World) -> None:
    task = world.issued()
    before = moved()
    with pytest.raises(Forbidden):
        allocate_funding(task, by=lead(world), new=new("1"), on=TODAY)
    with pytest.raises(Forbidden):
        state_disbursement(task, by=world.head, new=new("1"), on=TODAY)
    for bad, expected in (
        (new(None, None, " "), {"amount", "dated_on", "reference"}),
        (new("-1", date(2026, 6, 2)), {"amount", "dated_on"}),
        (new("1.234"), {"amount"}),
        (new("1E20"), {"amount"}),
    ):
        with pytest.raises(Refused) as refused:
            allocate_funding(task, by=world.head, new=bad, on=TODAY)
        assert fields(refused) == expected
    assert moved() == before
    cancel_task(task, by=world.head, on=date(2026, 5, 5), decision="QĐ 9", reason="Không còn cần")
    before = moved()
    with pytest.raises(Refused):
        allocate_funding(task, by=world.head, new=new("1"), on=TODAY)
    assert moved() == before


def test_a_draft_has_no_money(world: World) -> None:
    task = world.draft().tasks.get()
    with pytest.raises(Refused):
        allocate_funding(task, by=world.head, new=new("1"), on=TODAY)
    assert Funding.objects.count() == 0


def test_a_correction_replaces_and_the_wrong_row_stays(world: World) -> None:
    task = world.issued()
    wrong = allocate_funding(task, by=world.head, new=new("8000"), on=TODAY)
    right = correct_funding(wrong, by=world.head, new=new("800"), on=TODAY)
    with pytest.raises(Stale):
        correct_funding(wrong, by=world.head, new=new("80"), on=TODAY)
    with pytest.raises(Forbidden):
        correct_funding(right, by=lead(world), new=new("80"), on=TODAY)
    assert money_of([task], TODAY)[task.pk].allocated == Decimal(800)
    assert [row.is_replaced for row in resources_page(world.head, task, TODAY).rows] == [True, False]
    again = correct_funding(right, by=world.head, new=new("0"), on=TODAY)
    assert money_of([task], TODAY)[task.pk].allocated == Decimal(0)
    assert again.corrects == right
    with pytest.raises(DatabaseError), transaction.atomic():
        Funding.objects.filter(pk=wrong.pk).update(amount_vnd_million=1)


def test_sums_by_document_and_programme(world: World) -> None:
    first = world.clear_task()
    task = world.issued(first, world.clear_task(code="ct57-02", money_vnd_million=None))
    allocate_funding(task, by=world.head, new=new("800"), on=TODAY)
    (row,) = money_of_documents(world.head, documents_with_money(world.head), TODAY).value
    (programme,) = money_of_programmes(programmes_under(world.head, row.document), TODAY)
    assert (row.sums, row.programmes) == (programme.sums, 1)
    assert (row.sums.tasks, row.sums.needing, row.sums.needed.amount) == (2, 1, Decimal("1200.50"))
    assert (row.sums.needed.known, row.sums.needed.of) == (1, 2)
    assert (row.sums.allocated.amount, row.sums.allocated.known, row.sums.allocated.of) == (Decimal(800), 1, 1)
    assert (row.sums.disbursed.amount, row.sums.disbursed.known) == (None, 0)


def project(world: World) -> Task:
    return world.issued(world.clear_task(kind="du_an"))


def test_a_project_starts_once(world: World) -> None:
    task = project(world)
    before = moved()
    for arguments, expected in (
        ({"started_on": None, "decision": " "}, {"started_on", "decision"}),
        ({"started_on": date(2026, 6, 2), "decision": "QĐ 1"}, {"started_on"}),
        ({"started_on": date(2026, 3, 9), "decision": "QĐ 1"}, {"started_on"}),
    ):
        with pytest.raises(Refused) as refused:
            start_task(task, by=lead(world), on=TODAY, **arguments)
        assert fields(refused) == expected
    with pytest.raises(Forbidden):
        start_task(task, by=world.head, started_on=ISSUED_ON, decision="QĐ 1", on=TODAY)
    assert moved() == before
    event = start_task(task, by=lead(world), started_on=ISSUED_ON, decision="QĐ 1", on=TODAY)
    assert (event.kind, event.happened_on) == ("started", ISSUED_ON)
    with pytest.raises(Refused):
        start_task(task, by=lead(world), started_on=ISSUED_ON, decision="QĐ 1", on=TODAY)


def test_only_a_running_project_starts(world: World) -> None:
    work = world.issued(world.clear_task(), world.clear_task(code="ct57-02", kind="du_an"))
    with pytest.raises(Refused):
        start_task(work, by=lead(world), started_on=ISSUED_ON, decision="QĐ 1", on=TODAY)
    task = Task.objects.get(code="ct57-02")
    suspend_task(task, by=world.head, on=date(2026, 5, 5), decision="QĐ 9", reason="Chờ vốn")
    with pytest.raises(Refused):
        start_task(task, by=lead(world), started_on=ISSUED_ON, decision="QĐ 1", on=TODAY)
    assert not TaskEvent.objects.filter(kind="started").exists()


def test_two_corrections_at_once(fresh_database: str) -> None:
    world = make_world()
    wrong = allocate_funding(world.issued(), by=world.head, new=new("8000"), on=TODAY)
    head = world.head
    outcomes = at_once(
        *(
            lambda amount=amount: correct_funding(wrong, by=head, new=new(amount), on=TODAY)
            for amount in ("1", "2", "3")
        )
    )
    assert outcomes == ["", "Stale", "Stale"]
    assert Funding.objects.filter(corrects=wrong).count() == 1


def client_of(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_pages_of_money(world: World) -> None:
    project(world)
    address = "/lam-viec/nhiem-vu/ct57-01/nguon-luc/"
    head = client_of(world.state.person(Role.HEAD, world.state.science))
    spender = client_of(world.state.person(Role.REPORTER, world.state.finance))
    assert "Chưa có số liệu" in head.get(address).content.decode()
    sent = {"amount": "800", "dated_on": "2026-05-04", "reference": "QĐ 5"}
    faulty = head.post(address + "bo-tri/", {**sent, "reference": ""})
    assert faulty.status_code == 422
    assert 'value="800"' in faulty.content.decode()
    assert head.post(address + "bo-tri/", sent).status_code == 302
    assert head.post(address + "giai-ngan/", sent).status_code == 403
    assert head.post(address + "khac/", sent).status_code == 404
    assert spender.post(address + "giai-ngan/", {**sent, "amount": "900"}).status_code == 302
    given = Funding.objects.get(kind="allocated")
    assert head.post(f"{address}dong/{given.pk}/", {**sent, "amount": "700"}).status_code == 302
    assert head.post(f"{address}dong/{given.pk}/", {**sent, "amount": "600"}).status_code == 409
    assert head.post(f"{address}dong/9999/", sent).status_code == 404
    page = spender.get(address).content.decode()
    assert "Đã giải ngân nhiều hơn vốn bố trí" in page
    assert "700" in head.get("/lam-viec/nguon-luc/").content.decode()


def test_page_of_the_start(world: World) -> None:
    project(world)
    address = "/lam-viec/nhiem-vu/ct57-01/khoi-dong/"
    head = client_of(world.state.person(Role.HEAD, world.state.science))
    starter = client_of(world.state.person(Role.REPORTER, world.state.finance))
    assert head.get(address).status_code == 403
    assert starter.get(address).status_code == 200
    assert starter.post(address, {"started_on": "2026-03-11", "decision": ""}).status_code == 422
    assert starter.post(address, {"started_on": "2026-03-11", "decision": "QĐ 1"}).status_code == 302
    assert starter.get("/lam-viec/nhiem-vu/ct57-01/").status_code == 200
