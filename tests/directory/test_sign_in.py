"""Signing in through the library's own pages: password, second factor, lock-out, identity provider."""

import re
from typing import Any

import pytest
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import deactivate_account, set_password
from thucthi.directory.models import Account, Role

PASSWORD = "một câu dài chỉ để thử"
WRONG = "một câu dài khác hẳn"
LOGIN = "/tai-khoan/login/"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def account(state: State) -> Account:
    made = state.person(Role.REPORTER, state.science)
    made.set_password(PASSWORD)
    made.save()
    return made


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_workspace_with_a_new_session_key(client: Client, account: Account) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "before"
    session.save()
    before = session.session_key
    response = sign_in(client, account.username)
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/")
    assert signed_in(client)
    assert client.session.session_key != before


def test_a_wrong_password_opens_nothing(client: Client, account: Account) -> None:
    response = sign_in(client, account.username, WRONG)
    assert response.status_code == 200
    assert not signed_in(client)


def test_eight_wrong_passwords_lock_even_the_right_one_out(client: Client, account: Account) -> None:
    statuses = [sign_in(client, account.username, WRONG).status_code for _ in range(8)]
    assert statuses == [200] * 7 + [429]
    response = sign_in(client, account.username)
    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert not signed_in(client)


def test_the_lock_heeds_no_upper_case(client: Client, account: Account) -> None:
    name = account.username
    spellings = [name.upper(), name.capitalize(), name.title(), name, name.upper(), name, name.title(), name.upper()]
    assert [sign_in(client, spelling, WRONG).status_code for spelling in spellings] == [200] * 7 + [429]


def test_the_lock_is_for_that_account_from_that_place_alone(client: Client, account: Account, state: State) -> None:
    other = state.person(Role.HEAD, state.finance)
    other.set_password(PASSWORD)
    other.save()
    for _ in range(8):
        sign_in(client, account.username, WRONG)
    assert sign_in(Client(), other.username).status_code == 302
    assert sign_in(Client(), account.username, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_second_factor_is_asked_for_before_anything_opens(client: Client, account: Account) -> None:
    TOTP.activate(account, "ABCDEFGHIJKLMNOP")
    response = sign_in(client, account.username)
    assert (response.status_code, response["Location"]) == (302, "/tai-khoan/2fa/authenticate/")
    assert not signed_in(client)
    assert client.post(response["Location"], {"code": "000000"}).status_code == 200
    assert not signed_in(client)
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value("ABCDEFGHIJKLMNOP", counter))
    assert client.post(response["Location"], {"code": code}).status_code == 302
    assert signed_in(client)


def test_passkeys_are_offered(client: Client, db: None) -> None:
    assert 'id="passkey_login"' in client.get(LOGIN).content.decode()


def test_signing_out_needs_a_press_and_ends_the_session(client: Client, account: Account) -> None:
    sign_in(client, account.username)
    key = client.session.session_key
    assert client.get("/tai-khoan/logout/").status_code == 200
    assert signed_in(client)
    assert client.post("/tai-khoan/logout/").status_code == 302
    assert not signed_in(client)
    assert not SessionStore().exists(key)


def test_who_only_administers_accounts_lands_on_them(client: Client, state: State) -> None:
    keeper = state.person(Role.ACCOUNT_ADMIN, state.province)
    keeper.set_password(PASSWORD)
    keeper.save()
    assert sign_in(client, keeper.username)["Location"] == "/lam-viec/tai-khoan-don-vi/"


def test_a_shut_account_is_out_at_its_next_request_and_for_good(client: Client, account: Account) -> None:
    sign_in(client, account.username)
    page = reverse("directory:organisations")
    assert client.get(page).status_code == 200
    deactivate_account(account, by=SYSTEM)
    assert client.get(page).status_code == 302
    assert sign_in(Client(), account.username).status_code == 200
    Account.objects.filter(pk=account.pk).update(is_active=True)
    assert client.get(page).status_code == 302


def test_a_replaced_password_ends_the_open_sessions(client: Client, account: Account) -> None:
    sign_in(client, account.username)
    set_password(account, by=SYSTEM, password=WRONG)
    assert client.get(reverse("directory:organisations")).status_code == 302
    assert sign_in(Client(), account.username, WRONG).status_code == 302


@pytest.mark.parametrize("page", ["signup/", "email/", "password/reset/", "login/code/confirm/", "3rdparty/signup/"])
def test_nobody_opens_an_account_alone_and_no_page_needs_a_mail_server(client: Client, page: str) -> None:
    assert client.get(f"/tai-khoan/{page}").status_code == 404
    assert client.post(f"/tai-khoan/{page}", {"email": "ai-do@example.vn"}).status_code == 404


PROVIDER = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "xac-thuc",
                "name": "Xác thực tập trung",
                "client_id": "thuc-thi",
                "secret": "bí mật",
                "settings": {"server_url": "https://xac-thuc.example.vn"},
            }
        ],
    }
}


def returned_from_the_provider(subject: str, email: str) -> HttpRequest:
    request = RequestFactory().get("/tai-khoan/oidc/xac-thuc/login/callback/")
    request.user = AnonymousUser()
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    known = SocialAccount(provider="xac-thuc", uid=subject, extra_data={"sub": subject, "email": email})
    login = SocialLogin(user=Account(email=email), account=known, provider=None)
    login.state = {"process": "login"}
    with context.request_context(request):
        complete_login(request, login)
    return request


def test_a_provider_is_taken_from_the_settings(client: Client, settings: Any, db: None) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDER
    page = client.get(LOGIN).content.decode()
    assert re.search(r"/tai-khoan/oidc/xac-thuc/login/", page)
    assert "Xác thực tập trung" in page


def test_the_same_e_mail_address_joins_no_account(account: Account, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDER
    account.email = "can-bo@example.vn"
    account.save()
    request = returned_from_the_provider("người lạ", account.email)
    assert not request.user.is_authenticated
    assert not SocialAccount.objects.exists()
    assert Account.objects.count() == 1


def test_issuer_and_subject_open_the_joined_account_whatever_the_e_mail_says(account: Account, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = PROVIDER
    SocialAccount.objects.create(user=account, provider="xac-thuc", uid="0001")
    request = returned_from_the_provider("0001", "da-doi@example.vn")
    assert request.user == account
