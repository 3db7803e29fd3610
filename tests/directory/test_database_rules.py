"""What the database itself refuses, whoever asks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.people import SINCE, State
from thucthi.directory.models import (
    Leadership,
    Organisation,
    OrganisationEvent,
    OrganisationName,
    Person,
    Placement,
    Post,
    Succession,
    Tenure,
)

ENDED = date(2025, 6, 30)
NEXT = date(2025, 7, 1)


def _name(state: State, valid_from: date | None, valid_to: date | None = None) -> OrganisationName:
    return OrganisationName.objects.create(
        organisation=state.science, official_name="Bộ", short_name="Bộ", valid_from=valid_from, valid_to=valid_to
    )


def _place(state: State, valid_from: date | None, valid_to: date | None = None) -> Placement:
    return Placement.objects.create(
        organisation=state.science, parent=state.government, valid_from=valid_from, valid_to=valid_to
    )


def _holder(state: State, valid_from: date, valid_to: date | None = None) -> Tenure:
    post, _made = Post.objects.get_or_create(organisation=state.science, title="Bộ trưởng")
    person = Person.objects.create(display_name="Người mẫu", is_invented=True)
    return Tenure.objects.create(post=post, person=person, valid_from=valid_from, valid_to=valid_to)


@pytest.mark.parametrize("make", [_name, _place, _holder])
def test_one_name_one_parent_one_holder_at_a_time(state: State, make: Callable[..., Any]) -> None:
    make(state, SINCE, ENDED)
    for valid_from, valid_to in ((SINCE, None), (ENDED, None), (ENDED, ENDED), (date(2024, 1, 1), SINCE)):
        with pytest.raises(IntegrityError, match="_at_a_time"), transaction.atomic():
            make(state, valid_from, valid_to)
    make(state, NEXT)
    with pytest.raises(IntegrityError, match="_at_a_time"), transaction.atomic():
        make(state, date(2030, 1, 1))


@pytest.mark.parametrize("make", [_name, _place])
def test_an_unknown_beginning_reaches_back_for_ever(state: State, make: Callable[..., Any]) -> None:
    make(state, None, ENDED)
    with pytest.raises(IntegrityError, match="_at_a_time"), transaction.atomic():
        make(state, date(1945, 9, 2), date(1946, 1, 1))


def test_nothing_ends_before_it_begins_and_nobody_stands_under_himself(state: State) -> None:
    with pytest.raises(IntegrityError, match="organisation_ends_after_start"), transaction.atomic():
        Organisation.objects.filter(pk=state.science.pk).update(valid_to=date(2024, 12, 31))
    with pytest.raises(IntegrityError, match="organisation_not_its_own_parent"), transaction.atomic():
        Organisation.objects.filter(pk=state.science.pk).update(parent=state.science)
    with pytest.raises(IntegrityError, match="leadership_of_another"), transaction.atomic():
        Leadership.objects.create(leader=state.science, led=state.science)
    event = OrganisationEvent.objects.create(code="e", kind="merge", effective_on=NEXT, legal_basis="Mô phỏng")
    with pytest.raises(IntegrityError, match="succession_to_another"), transaction.atomic():
        Succession.objects.create(event=event, predecessor=state.science, successor=state.science)


def test_one_head_in_one_organisation(state: State) -> None:
    state.head_post(state.science)
    with pytest.raises(IntegrityError, match="post_one_head"), transaction.atomic():
        Post.objects.create(organisation=state.science, title="Một người đứng đầu nữa", is_head=True)
