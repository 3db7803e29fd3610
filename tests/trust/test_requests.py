"""What every answer carries, and what no request may do: over all addresses of the access world."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.architecture.access_world import LIBRARY, World, make_world
from tests.kept_states import Kept
from tests.thorough import in_full
from tests.trust.bars import bar
from thucthi.directory.models import Role
from thucthi.kernel.gate import MACHINE

BACKEND = "django.contrib.auth.backends.ModelBackend"
Measure = Callable[[str, object], None]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
HEADERS = {
    "X-Content-Type-Options": {"nosniff"},
    # A calendar's address is its key: not even our own pages are told it.
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Strict-Transport-Security": {"max-age=31536000; includeSubDomains; preload"},
}


@pytest.fixture
def world(kept: Kept[World], settings: Any) -> Iterator[World]:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    # As in production, where every request comes by TLS.
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    logging.disable(logging.CRITICAL)
    yield kept(make_world)
    logging.disable(logging.NOTSET)


def address_of(world: World, page: str) -> str:
    return reverse(page.partition("#")[0], kwargs=world.pages[page])


def own_pages(world: World) -> list[str]:
    return [page for page in world.pages if not page.startswith(LIBRARY)]


def visitors(world: World, **options: Any) -> list[Client]:
    """One of each role, in the body that leads the task and in the one that owns the programme."""
    found = [Client(**options)]
    for role in Role:
        for organisation in (world.state.province, world.state.committee):
            client = Client(**options)
            client.force_login(world.state.person(role, organisation), backend=BACKEND)
            found.append(client)
    return found


def faults_of_headers(answer: HttpResponse) -> list[str]:
    wrong = [name for name, values in HEADERS.items() if answer.headers.get(name) not in values]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "unsafe-" in policy or "default-src" not in policy or "frame-ancestors 'none'" not in policy:
        wrong.append("Content-Security-Policy")
    if answer.headers.get("X-Frame-Options") != "DENY":
        wrong.append("X-Frame-Options")
    if answer.content and not answer.headers.get("Content-Type"):
        wrong.append("Content-Type")
    return wrong


def to_the_end(answer: Any) -> Any:
    if answer.streaming:
        list(answer.streaming_content)
    return answer


@bar("B27")
def test_every_answer_carries_its_headers(world: World, record_property: Measure) -> None:
    wrong, statuses, tried = [], set(), 0
    clients = visitors(world, raise_request_exception=False)
    for page in world.pages:
        for client in (clients[0], clients[1], clients[-1]):
            for method in ("GET", "POST", "PUT"):
                with transaction.atomic():
                    answer = client.generic(method, address_of(world, page), secure=True)
                    transaction.set_rollback(True)
                tried, statuses = tried + 1, statuses | {answer.status_code}
                if not answer.streaming:
                    wrong += [f"{method} {page} {answer.status_code}: {name}" for name in faults_of_headers(answer)]
    for path in ("/khong-co/", "/lam-viec/khong-co/", "/lam-viec/%00", "/ky-cong-bo/khong-co.json"):
        answer = clients[1].get(path, secure=True)
        wrong += [f"GET {path} {answer.status_code}: {name}" for name in faults_of_headers(answer)]
    assert wrong == []
    assert {200, 302, 403, 404, 405, 422} <= statuses
    record_property("measured", f"{tried} answers, statuses {sorted(statuses)}")


@bar("B27", planted=True)
def test_an_answer_without_a_header_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "MIDDLEWARE", [name for name in settings.MIDDLEWARE if "csp" not in name and "Security" not in name]
    )
    answer = Client().get("/lam-viec/", secure=True)
    assert faults_of_headers(answer) == [
        "X-Content-Type-Options", "Referrer-Policy", "Strict-Transport-Security", "Content-Security-Policy",
    ]  # fmt: skip


def taken_without_a_token(world: World) -> tuple[int, list[str]]:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.state.person(Role.STEERING_OFFICE, world.state.committee), backend=BACKEND)
    tried, taken = 0, []
    for page in world.pages:
        path = address_of(world, page)
        if getattr(resolve(path).func, "access_rule", None) is MACHINE:
            continue
        for method in UNSAFE:
            with transaction.atomic():
                answer = client.generic(method, path)
                transaction.set_rollback(True)
            tried += 1
            if answer.status_code != 403:
                taken.append(f"{method} {page} answered {answer.status_code}")
    return tried, taken


@bar("B28")
def test_no_form_is_taken_without_its_token(world: World, record_property: Measure) -> None:
    tried, taken = taken_without_a_token(world)
    assert taken == []
    record_property("measured", f"{tried} unsafe requests without a token, 0 taken")


@bar("B28", planted=True)
def test_a_view_that_asks_no_token_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    view: Any = resolve(address_of(world, "obstacles:add_obstacle")).func
    monkeypatch.setattr(view, "csrf_exempt", True, raising=False)
    _, taken = taken_without_a_token(world)
    assert taken != []
    assert all(" obstacles:add_obstacle answered " in each for each in taken)


def rows_written() -> int:
    """Rows that this transaction has inserted, changed or deleted so far, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


@bar("B28")
def test_reading_changes_no_row(world: World, record_property: Measure) -> None:
    wrote, opened = [], 0
    clients = visitors(world, raise_request_exception=False)
    for page in own_pages(world):
        for method in in_full(("GET",), ("GET", "HEAD")):
            for client in clients:
                before = rows_written()
                answer = to_the_end(client.generic(method, address_of(world, page)))
                if rows_written() != before:
                    wrote.append(f"{method} {page}")
                if answer.status_code == 200:
                    opened += 1
                    break
    assert wrote == []
    record_property("measured", f"{opened} pages opened, 0 rows written")


@bar("B28", planted=True)
def test_a_row_written_by_reading_would_be_counted(world: World) -> None:
    before = rows_written()
    world.state.person(Role.REPORTER, world.state.elsewhere)
    assert rows_written() > before


NOWHERE = {"pk": 987_654_321, "code": "khong-co", "slug": "khong-co", "username": "khong-co"}


# The tree of organisations is no secret to anyone who works here, so these may say that the body is there.
OF_THE_TREE = ("monitoring:scorecard", "monitoring:reply")


def told_apart(world: World) -> tuple[int, list[str]]:
    """Pages whose hidden thing is answered otherwise than a thing that is not there."""
    clients = [Client(raise_request_exception=False) for _ in (Role.REPORTER, Role.PUBLISHER)]
    for client, role in zip(clients, (Role.REPORTER, Role.PUBLISHER), strict=True):
        client.force_login(world.state.person(role, world.state.elsewhere), backend=BACKEND)
    compared, wrong = 0, []
    for page in own_pages(world):
        kwargs = world.pages[page]
        name = page.partition("#")[0]
        absent = {key: NOWHERE.get(key, value) for key, value in kwargs.items()}
        if absent == kwargs or name in OF_THE_TREE:
            continue
        for client in clients:
            seen = client.get(reverse(name, kwargs=kwargs))
            if seen.status_code != 404:
                continue
            compared += 1
            missing = client.get(reverse(name, kwargs=absent))
            if (missing.status_code, missing.content) != (seen.status_code, seen.content):
                wrong.append(page)
    return compared, wrong


@bar("B13")
def test_a_hidden_thing_looks_like_none(world: World, record_property: Measure) -> None:
    compared, wrong = told_apart(world)
    assert wrong == []
    assert compared > 20
    record_property("measured", f"{compared} hidden things beside absent ones, 0 told apart")


@bar("B13", planted=True)
def test_an_answer_that_differs_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(range(10_000))
    monkeypatch.setattr(
        "thucthi.config.middleware.errors.page",
        lambda template, status, sentence="": HttpResponse(f"{sentence} {next(answers)}", status=status),
    )
    _, wrong = told_apart(world)
    assert wrong != []
