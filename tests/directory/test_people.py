"""Posts and their holders: one at a time, and who it was on a day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewHolder, appoint, create_posts_and_tenures, end_tenure
from thucthi.directory.models import Person, Post, Role, Tenure
from thucthi.directory.selectors import heads_on
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry

SINCE = date(2026, 1, 1)


@pytest.fixture
def first(state: State) -> Tenure:
    holder = NewHolder(state.science, "Bộ trưởng", True, "Nhân vật mẫu Một", True, SINCE)
    return create_posts_and_tenures(by=SYSTEM, holders=[holder])[0]


@pytest.fixture
def successor(db: None) -> Person:
    return Person.objects.create(display_name="Nhân vật mẫu Hai", is_invented=True)


def test_results_belong_to_who_held_the_post_on_that_day(state: State, first: Tenure, successor: Person) -> None:
    end_tenure(first, by=SYSTEM, valid_to=date(2026, 6, 30))
    second = appoint(by=SYSTEM, post=first.post, person=successor, valid_from=date(2026, 7, 1))
    ids = [state.science.pk, state.finance.pk]
    assert heads_on(ids, date(2025, 12, 31)) == {}
    assert heads_on(ids, date(2026, 6, 30)) == {state.science.pk: first}
    assert heads_on(ids, date(2026, 7, 1)) == {state.science.pk: second}
    assert [entry.event for entry in Entry.objects.order_by("pk")] == [
        "tenures.registered",
        "tenure.ended",
        "tenure.begun",
    ]


def test_a_held_post_is_refused_with_the_holders_name(first: Tenure, successor: Person) -> None:
    with pytest.raises(Refused) as refusal:
        appoint(by=SYSTEM, post=first.post, person=successor, valid_from=date(2026, 7, 1))
    assert [(fault.field, fault.text) for fault in refusal.value.faults] == [
        (
            "person",
            "Chức vụ này đang có người giữ: Nhân vật mẫu Một. Đề nghị ghi ngày thôi giữ chức vụ trước.",
        )
    ]
    assert (Tenure.objects.count(), Entry.objects.count()) == (1, 1)


def test_a_holder_who_leaves_later_is_named_too(first: Tenure, successor: Person) -> None:
    end_tenure(first, by=SYSTEM, valid_to=date(2026, 12, 31))
    with pytest.raises(Refused, match="Nhân vật mẫu Một"):
        appoint(by=SYSTEM, post=first.post, person=successor, valid_from=date(2026, 7, 1))


def test_two_newcomers_do_not_meet_in_one_post(state: State) -> None:
    holders = [NewHolder(state.finance, "Bộ trưởng", True, name, True, SINCE) for name in ("Mẫu A", "Mẫu B")]
    with pytest.raises(Refused) as refusal:
        create_posts_and_tenures(by=SYSTEM, holders=holders)
    text = "Hai người được ghi vào cùng một chức vụ trong cùng thời gian. Đề nghị kiểm tra lại ngày."
    assert [fault.text for fault in refusal.value.faults] == [text]
    assert (Tenure.objects.count(), Post.objects.count(), Person.objects.count(), Entry.objects.count()) == (0, 0, 0, 0)


def test_the_database_itself_keeps_one_holder(first: Tenure, successor: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenure.objects.create(post=first.post, person=successor, valid_from=date(2026, 7, 1))


def test_nobody_leaves_before_he_came(first: Tenure) -> None:
    with pytest.raises(Refused):
        end_tenure(first, by=SYSTEM, valid_to=date(2025, 12, 31))
    assert Tenure.objects.get().valid_to is None


def test_only_the_steering_office_over_the_body_names_holders(state: State, first: Tenure, successor: Person) -> None:
    outsiders = [state.viewer(role, state.science) for role in Role if role != Role.STEERING_OFFICE]
    outsiders.append(state.viewer(Role.STEERING_OFFICE, state.province))
    holder = NewHolder(state.science, "Thứ trưởng", False, "Mẫu", True, SINCE)
    for viewer in outsiders:
        with pytest.raises(Forbidden):
            appoint(by=viewer, post=first.post, person=successor, valid_from=SINCE)
        with pytest.raises(Forbidden):
            end_tenure(first, by=viewer, valid_to=SINCE)
        with pytest.raises(Forbidden):
            create_posts_and_tenures(by=viewer, holders=[holder])
    assert (Tenure.objects.get().valid_to, Entry.objects.count()) == (None, 1)
