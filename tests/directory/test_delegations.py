"""An absent head lends his role with dates: who may, to whom, for how long; it acts at once and ends at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import State, make_state
from thucthi.directory.actions import NewDelegation, delegate, revoke_delegation
from thucthi.directory.models import Delegation, Role
from thucthi.directory.selectors import delegations_around, lendable_by, viewer_of
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def state() -> State:
    return make_state()


def new(state: State, **more: object) -> NewDelegation:
    today = timezone.localdate()
    made = NewDelegation(
        giver=state.person(Role.HEAD, state.province),
        organisation=state.province,
        role=Role.HEAD,
        receiver=state.person(Role.APPROVER, state.province),
        valid_from=today,
        valid_to=today + timedelta(days=6),
        reason="Đi công tác",
    )
    return replace(made, **more)


def give(state: State, by: object = None, **more: object) -> Delegation:
    wanted = new(state, **more)
    return delegate(by=by or viewer_of(wanted.giver), new=wanted, on=timezone.localdate())


def test_the_receiver_holds_the_role_between_the_days_and_says_for_whom(state: State) -> None:
    today, made = timezone.localdate(), give(state)
    for day, lent in ((today, made.giver_id), (today + timedelta(days=6), made.giver_id)):
        viewer = viewer_of(made.receiver, day)
        assert viewer.is_in(state.province.pk, Role.HEAD)
        assert viewer.acting_for(state.province.pk, Role.HEAD) == lent
    assert not viewer_of(made.receiver, today + timedelta(days=7)).is_in(state.province.pk, Role.HEAD)
    entry = Entry.objects.get()
    assert (entry.event, entry.content["giver"], entry.content["receiver"]) == (
        "delegation.given", "head-ubnd-an-binh", "approver-ubnd-an-binh",
    )  # fmt: skip


def test_taking_it_back_acts_at_once(state: State) -> None:
    made = give(state)
    revoke_delegation(made, by=viewer_of(made.giver), on=timezone.localdate())
    assert not viewer_of(made.receiver).is_in(state.province.pk, Role.HEAD)
    with pytest.raises(Stale):
        revoke_delegation(made, by=viewer_of(made.giver), on=timezone.localdate())
    give(state)
    assert Delegation.objects.count() == 2


def test_the_administrator_above_may_and_nobody_else(state: State) -> None:
    give(state, by=state.viewer(Role.ACCOUNT_ADMIN, state.government))
    today = timezone.localdate()
    later = {"valid_from": today + timedelta(days=10), "valid_to": today + timedelta(days=11)}
    others = [
        state.viewer(Role.ACCOUNT_ADMIN, state.commune),
        state.viewer(Role.HEAD, state.government),
        state.viewer(Role.APPROVER, state.province),
        state.viewer(Role.STEERING_OFFICE, state.government),
    ]
    for by in others:
        with pytest.raises(Forbidden):
            give(state, by=by, **later)
    assert Delegation.objects.count() == 1


def test_what_was_lent_is_not_lent_on(state: State) -> None:
    made = give(state)
    deputy, clerk = made.receiver, state.person(Role.REPORTER, state.province)
    with pytest.raises(Forbidden):
        give(state, by=viewer_of(deputy), receiver=clerk)
    with pytest.raises(Forbidden):
        give(state, by=viewer_of(deputy), giver=deputy, receiver=clerk)
    with pytest.raises(Refused, match="không giữ vai trò này"):
        give(state, by=viewer_of(clerk), giver=clerk, receiver=deputy, role=Role.REPORTER)
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("receiver", lambda state: {"receiver": None}),
        ("receiver", lambda state: {"receiver": state.person(Role.HEAD, state.province)}),
        ("receiver", lambda state: {"receiver": state.person(Role.APPROVER, state.commune)}),
        ("receiver", lambda state: {"receiver": state.person(Role.ACCOUNT_ADMIN, state.province)}),
        ("valid_from", lambda state: {"valid_from": timezone.localdate() - timedelta(days=1)}),
        ("valid_to", lambda state: {"valid_to": timezone.localdate() - timedelta(days=1)}),
        ("valid_to", lambda state: {"valid_to": timezone.localdate() + timedelta(days=92)}),
        ("reason", lambda state: {"reason": " "}),
    ],
)
def test_nonsense_is_refused_and_nothing_moves(state: State, field: str, change: object) -> None:
    with pytest.raises(Refused) as refused:
        give(state, **change(state))
    assert field in [fault.field for fault in refused.value.faults]
    assert (Delegation.objects.count(), Entry.objects.count()) == (0, 0)


def test_two_at_a_time_are_refused(state: State) -> None:
    give(state)
    with pytest.raises(Refused, match="đã có một ủy quyền khác"):
        give(state, receiver=state.person(Role.REPORTER, state.province))
    assert Delegation.objects.count() == 1


def test_the_page_gives_and_takes_back(state: State, client: Client) -> None:
    head, deputy = state.person(Role.HEAD, state.province), state.person(Role.APPROVER, state.province)
    (seat,) = lendable_by(viewer_of(head), timezone.localdate())
    today = timezone.localdate()
    client.force_login(head)
    typed = {
        "seat": f"{seat.pk}", "receiver": deputy.username, "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=3)).isoformat(), "reason": "",
    }  # fmt: skip
    answer = client.post("/lam-viec/uy-quyen/", typed)
    assert (answer.status_code, Delegation.objects.count()) == (422, 0)
    assert deputy.username in answer.content.decode()
    assert client.post("/lam-viec/uy-quyen/", {**typed, "reason": "Nghỉ phép"}).status_code == 302
    made = Delegation.objects.get()
    assert "Nghỉ phép" in client.get("/lam-viec/uy-quyen/").content.decode()
    assert client.post(f"/lam-viec/uy-quyen/{made.pk}/thu-hoi/").status_code == 302
    assert client.post(f"/lam-viec/uy-quyen/{made.pk}/thu-hoi/").status_code == 409


def test_a_stranger_sees_no_delegation(state: State, client: Client) -> None:
    made = give(state)
    assert delegations_around(state.viewer(Role.HEAD, state.elsewhere)) == []
    client.force_login(state.person(Role.HEAD, state.elsewhere))
    assert client.post(f"/lam-viec/uy-quyen/{made.pk}/thu-hoi/").status_code == 404
    made.refresh_from_db()
    assert made.revoked_on is None
