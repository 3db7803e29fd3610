"""The money of many tasks added up by the database equals the measure; long lists are paged and say how many."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.programmes.test_resources import client_of
from tests.programmes.world import ISSUED_ON, World, make_world
from thucthi.directory.models import Role
from thucthi.programmes.calculations.resources import sums
from thucthi.programmes.models import Funding, FundingKind, Programme, ProgrammeBasis, Task
from thucthi.programmes.selectors.money_sums import (
    MoneyOfDocument,
    added,
    documents_with_money,
    money_of_documents,
    sums_by_programme,
)
from thucthi.programmes.selectors.resources import money_of

TODAY = date(2026, 6, 1)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def sums_of_documents(world: World) -> list[MoneyOfDocument]:
    return money_of_documents(world.head, documents_with_money(world.head), TODAY).value


amounts = st.none() | st.integers(0, 3).map(Decimal)


@given(st.lists(st.tuples(amounts, st.lists(amounts, max_size=3), st.lists(amounts, max_size=2)), max_size=5))
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_adds_up_as_the_measure_does(world: World, rows: list[tuple]) -> None:
    """`sums` of the money of each task, read one by one; a statement of None is one of tomorrow, not known yet."""
    assert world.head
    assert world.editor  # both made before the transaction that is taken back
    with transaction.atomic():
        codes = [f"ct57-{number}" for number in range(len(rows))]
        needed = zip(codes, rows, strict=True)
        drafts = [world.clear_task(code=code, money_vnd_million=row[0]) for code, row in needed]
        programme = world.issued(*drafts).programme if drafts else None
        for code, row in zip(codes, rows, strict=True):
            for kind, stated in zip((FundingKind.ALLOCATED, FundingKind.DISBURSED), row[1:], strict=True):
                state_all(Task.objects.get(code=code), kind, stated)
        tasks = list(Task.objects.filter(is_issued=True))
        expected = sums(money_of(tasks, TODAY).values())
        found = sums_by_programme([programme.pk] if programme else [], TODAY)
        assert found == ({programme.pk: expected} if programme else {})
        assert added(found.values()) == expected
        assert [row.sums for row in sums_of_documents(world)] == ([expected] if programme else [])
        transaction.set_rollback(True)


def state_all(task: Task, kind: str, amounts: list[Decimal | None]) -> None:
    """The last statement replaces the one before it."""
    made: list[Funding] = []
    for number, amount in enumerate(amounts):
        corrects = made[-1] if made and number == 2 else None
        day = TODAY if amount is not None else TODAY + timedelta(days=1)
        row = Funding(task=task, kind=kind, amount_vnd_million=amount or 5, dated_on=day, reference="QĐ")
        row.corrects = corrects
        row.save()
        made.append(row)


def test_a_long_list_of_programmes_is_paged_and_says_how_many(world: World) -> None:
    first = world.issued().programme
    basis = first.bases.get()
    for number in range(120):
        made = Programme.objects.create(
            code=f"ctr-{number:03}", organisation=first.organisation, title="Mẫu", issued_on=ISSUED_ON, issued_as="1"
        )
        ProgrammeBasis.objects.create(programme=made, document=basis)
    client = client_of(world.state.person(Role.HEAD, world.state.science))
    whole = client.get("/lam-viec/nguon-luc/").content.decode()
    assert 'class="tt-number">121</td>' in whole
    address = f"/lam-viec/nguon-luc/?van-ban={basis.slug}"
    shown = [client.get(f"{address}&trang={page}").content.decode() for page in (1, 2, 3)]
    assert [page.count('<th scope="row"') for page in shown] == [50, 50, 21]
    assert all("121" in page for page in shown)
    assert "Trang 3 / 3" in shown[2]
    assert client.get("/lam-viec/nguon-luc/?van-ban=khong-co").status_code == 404
