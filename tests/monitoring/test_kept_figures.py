"""Figures that are kept for a while are shared by those who see the same programmes, and by nobody else."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.kernel.answers import ANSWERS
from thucthi.monitoring.selectors.early import early_rows
from thucthi.monitoring.selectors.early_money import unfunded
from thucthi.monitoring.selectors.sectors import sector_matrix
from thucthi.programmes.models import Coordination, ProgrammeBasis
from thucthi.programmes.selectors.money_sums import money_of_documents
from thucthi.publication.selectors.consistency import consistency_book

FIGURES: dict[str, Callable[[Viewer, World], Any]] = {
    "money": lambda viewer, world: money_of_documents(viewer, [world.resolution], AS_OF),
    "clocks": lambda viewer, world: early_rows(viewer, [world.resolution], AS_OF),
    "checks": lambda viewer, world: consistency_book(viewer, [world.resolution], AS_OF),
    "unfunded": lambda viewer, world: unfunded(viewer, timezone.localdate()),
    "sectors": lambda viewer, world: sector_matrix(viewer, AS_OF),
}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The secret programme stands under the public resolution too, with a task that counts everywhere."""
    monkeypatch.setattr(ANSWERS, "_slow", 0)
    made = make_world()
    ProgrammeBasis.objects.create(programme=made.hidden, document=made.resolution)
    about = {"programme": made.hidden, "group": None, "kind": "du_an", "money_vnd_million": Decimal(7)}
    task = made.add("mat-von", made.state.science, AS_OF, **about)
    Coordination.objects.create(task=task, organisation=made.state.finance)
    return made


def told(answer: Any) -> Any:
    """The figures themselves, without when they were found."""
    if hasattr(answer, "ids"):
        return (list(answer.ids), answer.looked_at)
    if hasattr(answer, "value"):
        return answer.value
    # Who sees the secret document has a column more.
    place = [row.slug for row in answer.documents].index("1-nq-tw")
    return [row.cells[place] for row in answer.rows]


@pytest.mark.parametrize("name", FIGURES)
def test_who_sees_more_is_never_told_to_who_sees_less(world: World, name: str) -> None:
    find = FIGURES[name]
    finance = world.state.viewer(Role.REPORTER, world.state.finance)
    province = world.state.viewer(Role.HEAD, world.state.province)
    whole, part = find(SYSTEM, world), find(finance, world)
    assert (whole.kept_since, part.kept_since) == (None, None)
    assert told(whole) != told(part)
    assert told(find(SYSTEM, world)) == told(whole)
    again = find(province, world)
    assert again.kept_since is not None
    assert told(again) == told(part)
    assert told(find(world.state.viewer(Role.HEAD, world.state.government), world)) == told(whole)
