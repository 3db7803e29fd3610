"""Random trees and random changes of them: the kept lineage always says what a plain walk would find."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewEvent, NewOrganisation, record_event, register_organisations
from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for, led_then
from thucthi.kernel.errors import Refused

START = date(2026, 1, 1)
LONG_AFTER = date(2028, 1, 1)
trees = st.lists(st.integers(0, 30), min_size=1, max_size=12)
changes = st.lists(st.tuples(st.sampled_from(["move", "merge"]), st.integers(0, 30), st.integers(0, 30)), max_size=8)


def grow(parents: list[int]) -> list[Organisation]:
    """Body n stands under one of the earlier ones, or at the top."""
    specs = [
        NewOrganisation(
            code=f"c{place}",
            tree="state",
            level="commune",
            kind="commune",
            official_name=f"Cơ quan {place}",
            parent_code=f"c{choice % (place + 1) - 1}" if choice % (place + 1) else "",
        )
        for place, choice in enumerate(parents)
    ]
    return register_organisations(by=SYSTEM, specs=specs, on=START)


def walked_lineage(organisation: Organisation, parents: dict[int, int | None]) -> list[int]:
    """Root first; fails when the walk comes back to where it was."""
    lineage = [organisation.pk]
    while (above := parents[lineage[0]]) is not None:
        assert above not in lineage
        lineage.insert(0, above)
    return lineage


def check_lineages() -> None:
    rows = list(Organisation.objects.all())
    parents = {row.pk: row.parent_id for row in rows}
    walked = {row.pk: walked_lineage(row, parents) for row in rows}
    assert {row.pk: row.path for row in rows} == walked
    for row in rows:
        naive = {pk for pk, lineage in walked.items() if row.pk in lineage}
        assert set(Organisation.objects.under(row.pk).values_list("pk", flat=True)) == naive
        assert row.placements.get(valid_to=None).parent_id == row.parent_id if row.valid_to is None else True


def naive_heirs(steps: dict[int, int], pk: int) -> int:
    while pk in steps:
        pk = steps[pk]
    return pk


@pytest.mark.django_db
@given(trees, changes)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_moves_and_mergers_keep_every_lineage(parents: list[int], done: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        made = grow(parents)
        check_lineages()
        taken_over: dict[int, int] = {}
        for step, (kind, first, second) in enumerate(done):
            one, other = made[first % len(made)], made[second % len(made)]
            event = NewEvent(
                code=f"e{step}",
                kind=kind,
                effective_on=START + timedelta(days=step + 1),
                legal_basis="Quyết định mô phỏng",
                predecessors=(one,),
                successors=(other,) if kind == "merge" else (),
                new_parent=other if kind == "move" else None,
            )
            try:
                record_event(by=SYSTEM, event=event)
            except Refused:
                continue
            finally:
                check_lineages()
            if kind == "merge":
                taken_over[one.pk] = other.pk
        for row in Organisation.objects.all():
            heir = naive_heirs(taken_over, row.pk)
            assert [found.pk for found in answering_for(row, LONG_AFTER)] == [heir]
            led = {pk for pk in (one.pk for one in made) if naive_heirs(taken_over, pk) == row.pk}
            assert {found.pk for found in led_then(row, START, LONG_AFTER)} == led
        transaction.set_rollback(True)
