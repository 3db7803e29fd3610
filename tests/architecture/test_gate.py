"""No page without a rule, no write by reading, no silent hole in a template."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jinja2 import UndefinedError

from tests.kept_states import Kept
from tests.people import State, make_state
from tests.trust.bars import bar
from thucthi.directory.models import Person, Role
from thucthi.kernel.gate import FOREIGN_VIEW_PREFIXES, MACHINE


def leaves(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns)
        else:
            yield pattern


def unguarded(urlconf: str) -> list[str]:
    return [
        str(leaf.pattern)
        for leaf in leaves(get_resolver(urlconf).url_patterns)
        if not hasattr(leaf.callback, "access_rule") and not (leaf.name or "").startswith(FOREIGN_VIEW_PREFIXES)
    ]


# Old addresses of the sign-in library; nameless, so the gate keeps them shut.
SHUT = [f"social/{page}/" for page in ("login/cancelled", "login/error", "signup", "connections")]


@bar("B11")
def test_every_address_has_a_rule_or_belongs_to_the_sign_in_library() -> None:
    assert unguarded("thucthi.config.urls") == SHUT


@bar("B11", planted=True)
def test_a_planted_address_without_a_rule_is_found() -> None:
    assert unguarded("tests.architecture.planted_urls") == ["forgotten/", *SHUT]


@pytest.fixture
def state(kept: Kept[State]) -> State:
    return kept(make_state)


@pytest.mark.urls("tests.architecture.planted_urls")
def test_a_forgotten_address_stays_shut(state: State, client: Client) -> None:
    client.force_login(
        state.person(Role.AUDITOR, state.government), backend="django.contrib.auth.backends.ModelBackend"
    )
    response = client.get("/forgotten/")
    assert response.status_code == 404
    assert b"seen" not in response.content


@pytest.mark.urls("tests.architecture.planted_urls")
def test_a_get_cannot_write(state: State, client: Client) -> None:
    client.force_login(state.person(Role.REPORTER, state.science), backend="django.contrib.auth.backends.ModelBackend")
    before = Person.objects.count()
    with pytest.raises(DatabaseError, match="read-only transaction"):
        client.get("/writes/")
    assert Person.objects.count() == before


@pytest.mark.urls("tests.architecture.planted_urls")
def test_the_same_view_may_write_when_posted_to(state: State, client: Client) -> None:
    client.force_login(state.person(Role.REPORTER, state.science), backend="django.contrib.auth.backends.ModelBackend")
    before = Person.objects.count()
    assert client.post("/writes/").content == b"written"
    assert Person.objects.count() == before + 1


@pytest.mark.urls("tests.architecture.planted_urls")
def test_a_door_for_machines_is_shut_for_every_person(state: State) -> None:
    client = Client(enforce_csrf_checks=True)
    for role in Role:
        client.force_login(state.person(role, state.government), backend="django.contrib.auth.backends.ModelBackend")
        before = Person.objects.count()
        for answer in (client.get("/closed/"), client.post("/closed/"), client.post("/machine/")):
            assert answer.status_code == 403
            assert b"written" not in answer.content
        assert Person.objects.count() == before


@pytest.mark.urls("tests.architecture.planted_urls")
def test_a_machine_needs_no_token_against_forgery_and_its_reading_cannot_write(state: State) -> None:
    client = Client(enforce_csrf_checks=True)
    before = Person.objects.count()
    assert client.post("/machine/", headers={"X-Machine": "m"}).content == b"written by m"
    assert Person.objects.count() == before + 1
    with pytest.raises(DatabaseError, match="read-only transaction"):
        client.get("/machine/", headers={"X-Machine": "m"})
    assert client.put("/machine/", headers={"X-Machine": "m"}).status_code == 405
    assert Person.objects.count() == before + 1


def test_only_doors_for_machines_go_without_a_token_against_forgery() -> None:
    exempt = {
        leaf.name: leaf.callback.access_rule
        for leaf in leaves(get_resolver("thucthi.config.urls").url_patterns)
        if getattr(leaf.callback, "csrf_exempt", False)
    }
    assert exempt == {
        "observations": MACHINE,
        "run": MACHINE,
        "unsubscribe": MACHINE,
        "calendar_feed": MACHINE,
        # A token in the head of each request, and nothing but reading.
        **dict.fromkeys(("token", "tasks", "tasks_code", "obligations", "reports", "reports_number"), MACHINE),
        **dict.fromkeys(("obstacles", "obstacles_code", "values", "nothing"), MACHINE),
    }


def test_an_undefined_variable_in_a_template_is_an_error() -> None:
    template = engines["jinja2"].from_string("Xin chào {{ nobody }}")
    with pytest.raises(UndefinedError, match="'nobody' is undefined"):
        template.render({})
