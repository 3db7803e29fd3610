"""Accounts and roles: who gives them, where, and that a refusal moves nothing."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import (
    NewAccount,
    create_account,
    deactivate_account,
    end_role,
    grant_role,
    open_account,
    set_password,
)
from thucthi.directory.models import Account, Membership, Organisation, Person, Role
from thucthi.directory.selectors import account_for, administered_accounts, viewer_of
from thucthi.kernel.errors import Forbidden, NotVisible, Refused
from thucthi.ledger.models import Entry

ON = date(2026, 5, 4)
PASSWORD = "một câu dài chỉ để thử"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def everything() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in (Account, Person, Membership, Entry)]


def new(organisation: Organisation | None, **more: Any) -> NewAccount:
    given = {"username": "can-bo.moi", "display_name": "Cán bộ mẫu", "password": PASSWORD, "role": Role.REPORTER}
    return NewAccount(**{**given, **more}, organisation=organisation, valid_from=ON)


def test_an_account_opens_with_its_first_role_and_one_entry(state: State) -> None:
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    account = open_account(by=keeper, new=new(state.commune))
    assert account.check_password(PASSWORD)
    assert account.person.display_name == "Cán bộ mẫu"
    held = account.memberships.get()
    assert (held.organisation, held.role, held.valid_from, held.valid_to) == (state.commune, "reporter", ON, None)
    entry = Entry.objects.get()
    assert (entry.event, entry.actor_id) == ("account.opened", keeper.account_id)
    assert entry.content == {"username": "can-bo.moi", "organisation": "ubnd-hoa", "role": "reporter"}
    assert PASSWORD not in str(entry.content)


def test_all_faults_of_an_account_come_at_once(state: State) -> None:
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    before = everything()
    with pytest.raises(Refused) as refusal:
        open_account(
            by=keeper, new=new(state.elsewhere, username="Có Dấu Cách", display_name=" ", password="ngắn", role="vua")
        )
    assert [fault.field for fault in refusal.value.faults] == [
        "username",
        "display_name",
        "password",
        "organisation",
        "role",
    ]
    with pytest.raises(Refused) as refusal:
        open_account(by=keeper, new=new(None, password="password1234"))
    assert [fault.field for fault in refusal.value.faults] == ["password", "organisation"]
    assert everything() == before


def test_a_user_name_is_given_once_whatever_its_case(state: State) -> None:
    open_account(by=SYSTEM, new=new(state.commune))
    before = everything()
    for name in ("can-bo.moi", "CAN-BO.MOI"):
        with pytest.raises(Refused) as refusal:
            open_account(by=SYSTEM, new=new(state.commune, username=name))
        assert [fault.field for fault in refusal.value.faults] == ["username"]
    assert everything() == before


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ACCOUNT_ADMIN])
def test_no_other_role_touches_accounts(state: State, role: Role) -> None:
    viewer = state.viewer(role, state.government)
    account = state.person(Role.REPORTER, state.commune)
    held = account.memberships.get()
    before = everything()
    for attempt in (
        lambda: open_account(by=viewer, new=new(state.commune)),
        lambda: create_account(by=viewer, username="moi", password=PASSWORD, display_name="Mới"),
        lambda: grant_role(account, by=viewer, organisation=state.commune, role=Role.HEAD, valid_from=ON),
        lambda: end_role(held, by=viewer, valid_to=ON),
        lambda: set_password(account, by=viewer, password=PASSWORD),
        lambda: deactivate_account(account, by=viewer),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert everything() == before


def test_an_administrator_reaches_down_not_up_nor_sideways(state: State) -> None:
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    below = state.person(Role.REPORTER, state.commune)
    outside = [state.person(Role.REPORTER, place) for place in (state.government, state.elsewhere, state.committee)]
    grant_role(below, by=keeper, organisation=state.province, role=Role.REPORTER, valid_from=ON)
    before = everything()
    for account in outside:
        held = account.memberships.get()
        with pytest.raises(Forbidden):
            end_role(held, by=keeper, valid_to=ON)
        with pytest.raises(Forbidden):
            deactivate_account(account, by=keeper)
        with pytest.raises(Forbidden):
            grant_role(below, by=keeper, organisation=held.organisation, role=Role.HEAD, valid_from=ON)
        with pytest.raises(NotVisible):
            account_for(keeper, account.username)
    assert everything() == before
    assert list(administered_accounts(keeper).order_by("pk")) == sorted(
        [below, Account.objects.get(pk=keeper.account_id)], key=lambda account: account.pk
    )


def test_whoever_also_serves_elsewhere_is_not_shut_from_one_side(state: State) -> None:
    account = state.person(Role.REPORTER, state.commune)
    grant_role(account, by=SYSTEM, organisation=state.elsewhere, role=Role.REPORTER, valid_from=ON)
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    with pytest.raises(Forbidden):
        deactivate_account(account, by=keeper)
    assert Account.objects.get(pk=account.pk).is_active
    assert [row.organisation for row in account_for(keeper, account.username).roles_here] == [state.commune]
    deactivate_account(account, by=state.viewer(Role.ACCOUNT_ADMIN, state.government))
    assert not Account.objects.get(pk=account.pk).is_active


def test_nobody_gives_himself_a_role_or_ends_his_own(state: State) -> None:
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    account = state.person(Role.ACCOUNT_ADMIN, state.province)
    before = everything()
    for attempt in (
        lambda: grant_role(account, by=keeper, organisation=state.commune, role=Role.AUDITOR, valid_from=ON),
        lambda: end_role(account.memberships.get(), by=keeper, valid_to=ON),
        lambda: set_password(account, by=keeper, password=PASSWORD),
        lambda: deactivate_account(account, by=keeper),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert everything() == before


def test_a_role_given_today_can_be_ended_today_and_given_again(state: State) -> None:
    account = state.person(Role.REPORTER, state.commune)
    held = grant_role(account, by=SYSTEM, organisation=state.commune, role=Role.HEAD, valid_from=ON)
    assert viewer_of(account, ON).is_in(state.commune.pk, Role.HEAD)
    end_role(held, by=SYSTEM, valid_to=ON)
    assert not viewer_of(account, ON).is_in(state.commune.pk, Role.HEAD)
    grant_role(account, by=SYSTEM, organisation=state.commune, role=Role.HEAD, valid_from=ON)
    assert viewer_of(account, ON).is_in(state.commune.pk, Role.HEAD)
    assert [entry.event for entry in Entry.objects.order_by("pk")] == ["role.granted", "role.ended", "role.granted"]


def test_the_same_role_is_not_given_twice_and_not_ended_before_it_began(state: State) -> None:
    account = state.person(Role.REPORTER, state.commune)
    held = grant_role(account, by=SYSTEM, organisation=state.commune, role=Role.HEAD, valid_from=ON)
    before = everything()
    with pytest.raises(Refused) as refusal:
        grant_role(account, by=SYSTEM, organisation=state.commune, role=Role.HEAD, valid_from=ON)
    assert refusal.value.faults[0].text == "Tài khoản này đã giữ vai trò đó trong thời gian này."
    with pytest.raises(Refused):
        end_role(held, by=SYSTEM, valid_to=date(2026, 5, 3))
    with pytest.raises(Refused):
        grant_role(account, by=SYSTEM, organisation=state.commune, role="vua", valid_from=ON)
    assert everything() == before


def test_the_database_itself_keeps_a_role_single(state: State) -> None:
    account = state.person(Role.REPORTER, state.commune)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(account=account, organisation=state.commune, role=Role.REPORTER, valid_from=ON)


def test_a_change_of_roles_shows_at_the_next_request(state: State, client: Client) -> None:
    account = state.person(Role.REPORTER, state.commune)
    client.force_login(account, backend=BACKEND)
    page = "/lam-viec/don-vi/"
    assert client.get(page).status_code == 200
    end_role(account.memberships.get(), by=SYSTEM, valid_to=date(2026, 1, 1))
    assert client.get(page).status_code == 403
    grant_role(account, by=SYSTEM, organisation=state.commune, role=Role.AUDITOR, valid_from=date(2026, 2, 1))
    assert client.get(page).status_code == 200


def test_who_only_administers_accounts_opens_no_working_page(state: State, client: Client) -> None:
    client.force_login(state.person(Role.ACCOUNT_ADMIN, state.government), backend=BACKEND)
    assert client.get("/lam-viec/tai-khoan-don-vi/").status_code == 200
    for page in ("", "don-vi/", "chuong-trinh/", "van-ban/", "cho-duyet/", "diem-nghen/", "cong-bo/"):
        assert client.get(f"/lam-viec/{page}").status_code == 403, page


def test_a_new_password_and_a_shut_account_each_leave_one_entry_without_the_secret(state: State) -> None:
    account = state.person(Role.REPORTER, state.commune)
    keeper = state.viewer(Role.ACCOUNT_ADMIN, state.province)
    with pytest.raises(Refused) as refusal:
        set_password(account, by=keeper, password="ngắn")
    assert [fault.field for fault in refusal.value.faults] == ["password"]
    assert not Entry.objects.exists()
    set_password(account, by=keeper, password=PASSWORD)
    assert Account.objects.get(pk=account.pk).check_password(PASSWORD)
    deactivate_account(account, by=keeper)
    shut = Account.objects.get(pk=account.pk)
    assert (shut.is_active, shut.has_usable_password()) == (False, False)
    assert [(entry.event, entry.content) for entry in Entry.objects.order_by("pk")] == [
        ("password.replaced", {"username": account.username}),
        ("account.deactivated", {"username": account.username}),
    ]
