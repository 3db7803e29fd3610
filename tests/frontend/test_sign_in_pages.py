"""The pages of the sign-in library wear our look, speak Vietnamese and English, and carry nothing inline."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from tests.frontend import markup
from tests.frontend.gallery import PACKAGE

urlpatterns = [path("tai-khoan/", include("allauth.urls"))]
pytestmark = pytest.mark.urls(__name__)
KEY = SimpleNamespace(pk=1, created_at=datetime(2026, 11, 1, tzinfo=UTC), last_used_at=None)
KINDS = ["totp", "webauthn", "recovery_codes"]


class Code(forms.Form):
    code = forms.CharField(label="Code")
    secret = "ABCDEFGH"


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    made = rf.get("/tai-khoan/login/")
    made.user = AnonymousUser()
    made.session = {}  # type: ignore[assignment]
    made._messages = []  # type: ignore[attr-defined]
    return made


def _draw(template: str, request: HttpRequest, language: str = "vi", **values: object) -> str:
    with translation.override(language), context.request_context(request):
        return render_to_string(template, values, request)


def _login(request: HttpRequest, language: str = "vi") -> str:
    with translation.override(language), context.request_context(request):
        form = LoginForm({"login": "", "password": ""}, request=request)
        form.is_valid()
        return render_to_string("account/login.html", {"form": form, "PASSKEY_LOGIN_ENABLED": True}, request)


def test_sign_in_speaks_vietnamese_and_leads_to_each_fault(request_: HttpRequest) -> None:
    html = _login(request_)
    assert markup.faults(html) == []
    soup = BeautifulSoup(html, "html.parser")
    assert soup.html["lang"] == "vi"
    assert soup.title.text == "Lỗi: Đăng nhập – Thực Thi"
    assert [link["href"] for link in soup.select("#error-summary a")] == ["#id_login", "#id_password"]
    assert [label.text for label in soup.select("label")] == ["Tên đăng nhập", "Mật khẩu"]
    assert soup.find(id="id_login")["aria-describedby"] == soup.select_one(".tt-error")["id"]


def test_sign_in_speaks_english(request_: HttpRequest) -> None:
    soup = BeautifulSoup(_login(request_, "en"), "html.parser")
    assert soup.html["lang"] == "en"
    assert soup.h1.text == "Sign In"


def test_the_code_to_scan_is_a_drawing_in_the_page(request_: HttpRequest) -> None:
    picture = get_adapter().build_totp_svg("otpauth://totp/x?secret=ABCDEFGH")
    html = _draw("mfa/totp/activate_form.html", request_, form=Code(), totp_svg=picture)
    assert markup.faults(html) == []
    assert "data:" not in html
    assert BeautifulSoup(html, "html.parser").select_one(".tt-code-picture[role=img][aria-label] svg path")


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("account/locked.html", {}),
        ("429.html", {}),
        ("account/logout.html", {}),
        ("account/reauthenticate.html", {"form": Code()}),
        ("account/password_change.html", {"form": Code()}),
        ("mfa/index.html", {"MFA_SUPPORTED_TYPES": KINDS, "authenticators": {}, "is_mfa_enabled": False}),
        (
            "mfa/authenticate.html",
            {"MFA_SUPPORTED_TYPES": KINDS, "form": Code(), "webauthn_form": Code(prefix="key"), "js_data": {}},
        ),
        ("mfa/webauthn/add_form.html", {"form": Code(), "js_data": {}}),
        ("mfa/webauthn/authenticator_list.html", {"authenticators": []}),
        ("mfa/webauthn/authenticator_list.html", {"authenticators": [KEY]}),
        ("mfa/recovery_codes/index.html", {"unused_codes": ["1", "2"], "total_count": 10, "can_view_codes": True}),
        ("mfa/recovery_codes/generate.html", {"form": Code(), "unused_code_count": 2}),
    ],
)
def test_other_pages_carry_nothing_inline(request_: HttpRequest, template: str, values: dict[str, object]) -> None:
    html = _draw(template, request_, **values)
    assert markup.faults(html) == []
    assert BeautifulSoup(html, "html.parser").select_one(".tt-header")


def test_every_text_of_ours_on_these_pages_has_its_vietnamese() -> None:
    with (PACKAGE / "locale" / "vi" / "LC_MESSAGES" / "django.po").open("rb") as source:
        known = {message.id for message in read_po(source) if message.string}
    pages = Path(PACKAGE / "allauth_templates").rglob("*.html")
    used = {text for page in pages for text in _translated(page.read_text(encoding="utf-8"))}
    assert used - known == set()
    assert "Sign In" in used


def _translated(text: str) -> list[str]:
    return [part.split('"')[1] for part in text.split("{% translate ")[1:]]
