"""Signing in: the library is held as the house wants it; refusals are sentences; rights follow at the next request."""

import json
import os
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.people import State, make_state
from thucthi.directory import actions
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Membership, Role
from thucthi.ledger.models import Entry

LOGIN = "/tai-khoan/login/"
PASSWORD = "mua-xuan-tren-ban-nho"
WRONG = "Tên đăng nhập và/hoặc mật khẩu bạn chỉ định không đúng."
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def state(db: None) -> State:
    return make_state()


@pytest.fixture
def reporter(state: State) -> Account:
    return _with_password(state.person(Role.REPORTER, state.science))


@pytest.fixture
def administrator(state: State) -> Account:
    return _with_password(state.person(Role.ACCOUNT_ADMIN, state.government))


def _with_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save(update_fields=["password"])
    return account


def _sign_in(client: Client, account: Account, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"login": account.username, "password": password, **more})


def _soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_the_right_password_leads_to_ones_work(client: Client, reporter: Account) -> None:
    response = _sign_in(client, reporter)
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/")
    assert client.session["_auth_user_id"] == str(reporter.pk)


def test_whoever_only_administers_accounts_is_led_to_the_accounts(client: Client, administrator: Account) -> None:
    response = _sign_in(client, administrator)
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/tai-khoan-don-vi/")
    assert client.get(response["Location"]).status_code == 200


def test_one_comes_back_to_where_one_wanted_to_go(client: Client, reporter: Account) -> None:
    wanted = "/lam-viec/don-vi/?q=bo+khoa"
    asked = client.get(wanted)
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    kept = _soup(page).select_one("input[name=next]")
    assert kept["value"] == wanted
    assert _sign_in(client, reporter, next=kept["value"])["Location"] == wanted


def test_one_is_not_sent_to_a_foreign_address(client: Client, reporter: Account) -> None:
    assert _sign_in(client, reporter, next="https://evil.example/")["Location"] == "/lam-viec/"


@pytest.mark.parametrize("username", ["reporter-bo-khoa-hoc", "nobody-of-this-name"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(
    client: Client, reporter: Account, username: str
) -> None:
    response = client.post(LOGIN, {"login": username, "password": "sai-mat-khau-roi"}, headers={"accept-language": "vi"})
    assert response.status_code == 200
    assert [item.text for item in _soup(response).select("#error-summary li")] == [WRONG]
    assert _soup(response).select_one("#id_login")["value"] == username
    assert "value" not in _soup(response).select_one("#id_password").attrs
    assert "_auth_user_id" not in client.session


def test_eight_wrong_passwords_pause_signing_in_even_with_the_right_one(client: Client, reporter: Account) -> None:
    answers = [_sign_in(client, reporter, f"sai-mat-khau-{attempt}").status_code for attempt in range(8)]
    assert answers == [200] * 7 + [429]
    locked = _sign_in(client, reporter)
    assert locked.status_code == 429
    assert _soup(locked).h1.text == "Tạm dừng đăng nhập"
    assert "15 phút" in _soup(locked).main.text
    assert "_auth_user_id" not in client.session


def test_the_pause_of_one_account_leaves_the_others_alone(
    client: Client, reporter: Account, administrator: Account
) -> None:
    for attempt in range(8):
        _sign_in(client, reporter, f"sai-mat-khau-{attempt}")
    assert _sign_in(client, administrator).status_code == 302


def test_the_session_gets_a_new_key_at_sign_in(client: Client, reporter: Account) -> None:
    stranger = client.session
    stranger["planted"] = "by someone else"
    stranger.save()
    client.cookies["thucthi"] = stranger.session_key
    _sign_in(client, reporter)
    assert client.cookies["thucthi"].value != stranger.session_key
    assert not Session.objects.filter(pk=stranger.session_key).exists()


def test_signing_out_is_a_deed_not_a_visit(client: Client, reporter: Account) -> None:
    _sign_in(client, reporter)
    key = client.session.session_key
    assert client.get("/tai-khoan/logout/").status_code == 200
    assert client.session["_auth_user_id"] == str(reporter.pk)
    assert client.post("/tai-khoan/logout/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(pk=key).exists()
    assert client.get("/lam-viec/").status_code == 302


def test_nobody_makes_an_account_for_himself(client: Client, db: None) -> None:
    before = Account.objects.count()
    form = {"username": "tu-dang-ky", "password1": PASSWORD, "password2": PASSWORD}
    assert client.get("/tai-khoan/signup/").status_code == 200
    response = client.post("/tai-khoan/signup/", form)
    assert _soup(response).select("form[action*=signup]") == []
    assert Account.objects.count() == before


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/tai-khoan/2fa/", "Xác thực hai lớp"),
        ("/tai-khoan/2fa/totp/activate/", "Bật ứng dụng xác thực"),
        ("/tai-khoan/2fa/webauthn/add/", "Thêm khóa bảo mật"),
        ("/tai-khoan/password/change/", "Đổi mật khẩu"),
    ],
)
def test_the_second_factor_can_be_set_up(client: Client, reporter: Account, address: str, title: str) -> None:
    _sign_in(client, reporter)
    response = client.get(address, headers={"accept-language": "vi"})
    assert response.status_code == 200
    assert _soup(response).h1.text.strip() == title


PROVIDER = {
    "provider_id": "danh-tinh",
    "name": "Định danh điện tử mẫu",
    "client_id": "thuc-thi",
    "secret": "khong-dung-that",
    "settings": {"server_url": "https://danh-tinh.example/realms/can-bo"},
}


def test_an_identity_provider_gets_its_button(client: Client, db: None, settings: Any) -> None:
    assert _soup(client.get(LOGIN)).select("a[href*=oidc]") == []
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [PROVIDER]}}
    button = _soup(client.get(LOGIN)).select_one("a[href*=oidc]")
    assert button.text.strip() == "Định danh điện tử mẫu"
    assert button["href"].startswith("/tai-khoan/oidc/danh-tinh/login/")


def test_the_browser_may_follow_the_form_to_the_identity_provider() -> None:
    """A browser applies form-action to the redirect after a form too."""
    program = (
        "import json, thucthi.config.settings as s;"
        "print(json.dumps([s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'],"
        " s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']]))"
    )
    environment = {**os.environ, "THUCTHI_OIDC_PROVIDERS": json.dumps([PROVIDER])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [["'self'", "https://danh-tinh.example"], [PROVIDER]]


def test_after_deactivation_the_next_request_is_a_strangers(client: Client, reporter: Account) -> None:
    _sign_in(client, reporter)
    assert client.get("/lam-viec/don-vi/").status_code == 200
    actions.deactivate_account(reporter, by=SYSTEM)
    response = client.get("/lam-viec/don-vi/")
    assert (response.status_code, response["Location"]) == (302, "/tai-khoan/login/?next=/lam-viec/don-vi/")
    assert "_auth_user_id" not in _sign_in(client, reporter).wsgi_request.session


def test_a_new_password_ends_every_session(client: Client, reporter: Account) -> None:
    _sign_in(client, reporter)
    actions.set_password(reporter, by=SYSTEM, password="mot-mat-khau-khac-han")
    assert client.get("/lam-viec/don-vi/").status_code == 302


def test_a_role_ends_and_begins_at_the_next_request(client: Client, state: State, reporter: Account) -> None:
    _sign_in(client, reporter)
    assert client.get("/lam-viec/don-vi/").status_code == 200
    held = Membership.objects.get(account=reporter)
    actions.end_role(held, by=SYSTEM, valid_to=TODAY)
    assert client.get("/lam-viec/don-vi/").status_code == 403
    actions.grant_role(reporter, by=SYSTEM, organisation=state.science, role=Role.REPORTER, valid_from=TODAY)
    assert client.get("/lam-viec/don-vi/").status_code == 200


SWITCH = "/lam-viec/ngon-ngu/"


@pytest.mark.parametrize("asked", ["vi", "en"])
def test_anyone_signed_in_chooses_the_language(client: Client, administrator: Account, asked: str) -> None:
    _sign_in(client, administrator)
    before = Entry.objects.count()
    response = client.post(SWITCH, {"language": asked, "next": "/lam-viec/tai-khoan-don-vi/?q=a"})
    assert (response.status_code, response["Location"]) == (302, "/lam-viec/tai-khoan-don-vi/?q=a")
    assert client.cookies["django_language"].value == asked
    assert client.cookies["django_language"]["httponly"]
    assert _soup(client.get("/lam-viec/tai-khoan-don-vi/")).html["lang"] == asked
    assert Entry.objects.count() == before


def test_an_unknown_language_and_a_foreign_address_are_passed_over(client: Client, reporter: Account) -> None:
    _sign_in(client, reporter)
    response = client.post(SWITCH, {"language": "fr", "next": "https://evil.example/"})
    assert response["Location"] == "/lam-viec/"
    assert "django_language" not in client.cookies


def test_the_language_is_not_changed_by_a_visit_nor_by_a_stranger(client: Client, reporter: Account) -> None:
    assert client.post(SWITCH, {"language": "en"})["Location"] == f"{LOGIN}?next={SWITCH}"
    _sign_in(client, reporter)
    assert client.get(SWITCH).status_code == 405
    assert "django_language" not in client.cookies


def test_every_page_offers_the_other_language(client: Client, reporter: Account) -> None:
    _sign_in(client, reporter)
    page = _soup(client.get("/lam-viec/don-vi/?q=bo"))
    switch = page.select_one(f'form[action="{SWITCH}"]')
    assert switch.button.text == "English"
    assert switch.select_one("[name=language]")["value"] == "en"
