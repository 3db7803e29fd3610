"""Addresses of directory."""

from django.urls import URLPattern, path, re_path

from thucthi.directory.views import accounts, delegations, language, organisations, tokens

app_name = "directory"
_ACCOUNT = r"^tai-khoan-don-vi/ten/(?P<username>[\w.@+-]+)/"
urlpatterns: list[URLPattern] = [
    path("ngon-ngu/", language.set_language, name="set_language"),
    path("don-vi/", organisations.organisations, name="organisations"),
    path("don-vi/<slug:code>/", organisations.organisation, name="organisation"),
    path("don-vi/<slug:code>/sap-xep/", organisations.rearrange, name="record_event"),
    path("uy-quyen/", delegations.delegations, name="delegations"),
    path("uy-quyen/<int:pk>/thu-hoi/", delegations.revoke, name="revoke_delegation"),
    path("khoa-api/", tokens.tokens, name="tokens"),
    path("khoa-api/<int:pk>/thu-hoi/", tokens.revoke, name="revoke_token"),
    path("tai-khoan-don-vi/", accounts.accounts, name="accounts"),
    path("tai-khoan-don-vi/them/", accounts.create_account, name="create_account"),
    re_path(_ACCOUNT + "$", accounts.account, name="account"),
    re_path(_ACCOUNT + "giao-vai-tro/$", accounts.grant_role, name="grant_role"),
    re_path(_ACCOUNT + "thoi-vai-tro/(?P<pk>[0-9]{1,18})/$", accounts.end_role, name="end_role"),
    re_path(_ACCOUNT + "mat-khau/$", accounts.replace_password, name="replace_password"),
    re_path(_ACCOUNT + "khoa/$", accounts.deactivate, name="deactivate"),
]
