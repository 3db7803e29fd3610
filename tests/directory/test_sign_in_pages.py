"""What signing in says and where it leads; the language of the pages."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.people import State
from thucthi.directory.models import Account, Role
from thucthi.ledger.models import Entry

LOGIN = "/tai-khoan/login/"
PASSWORD = "mua-xuan-tren-ban-nho"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Xin kiểm tra lại, kể cả chữ hoa và bộ gõ tiếng Việt."


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    cache.clear()


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
    response = client.post(
        LOGIN, {"login": username, "password": "sai-mat-khau-roi"}, headers={"accept-language": "vi"}
    )
    assert response.status_code == 200
    assert [item.text for item in _soup(response).select("#error-summary li")] == [WRONG]
    assert _soup(response).select_one("#id_login")["value"] == username
    assert "value" not in _soup(response).select_one("#id_password").attrs
    assert "_auth_user_id" not in client.session


def test_the_page_of_the_lock_says_for_how_long_and_whom_to_ask(client: Client, reporter: Account) -> None:
    for attempt in range(8):
        _sign_in(client, reporter, f"sai-mat-khau-{attempt}")
    locked = _sign_in(client, reporter)
    assert locked.status_code == 429
    assert _soup(locked).h1.text == "Tài khoản tạm khóa"
    assert "15 phút" in _soup(locked).main.text


SECOND_FACTORS = [("totp/activate/", "#id_code"), ("webauthn/add/", "#id_name")]


@pytest.mark.parametrize(("address", "control"), SECOND_FACTORS)
def test_a_second_factor_is_set_up_after_the_password_once_more(
    client: Client, reporter: Account, address: str, control: str
) -> None:
    _sign_in(client, reporter)
    assert client.get("/tai-khoan/2fa/").status_code == 200
    asked_again = client.get(f"/tai-khoan/2fa/{address}")
    assert asked_again["Location"].startswith("/tai-khoan/reauthenticate/")
    assert client.get(asked_again["Location"]).status_code == 200
    back = client.post(asked_again["Location"], {"password": PASSWORD})
    assert back["Location"] == f"/tai-khoan/2fa/{address}"
    page = client.get(back["Location"])
    assert page.status_code == 200
    assert _soup(page).select_one(control) is not None


PROVIDER = {
    "provider_id": "danh-tinh",
    "name": "Định danh điện tử mẫu",
    "client_id": "thuc-thi",
    "secret": "khong-dung-that",
    "settings": {"server_url": "https://danh-tinh.example/realms/can-bo"},
}


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
