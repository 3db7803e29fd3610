"""A database that stopped is answered with a sentence (503), never with a hang; public pages never ask it."""

from django.conf import settings
from django.test import Client

from thucthi.config.supervisor import LocalPostgres


def test_a_workspace_page_says_so(fresh_database: str, postgres: LocalPostgres) -> None:
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    postgres.drop_database("fresh")
    answer = client.get("/lam-viec/")
    assert answer.status_code == 503
    assert 'lang="vi"' in answer.content.decode()
