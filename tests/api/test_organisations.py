"""What a token reads: its organisation's own work, within its scopes; nothing of anybody else."""

from typing import Any

import pytest
from django.test import Client

from tests.api.world import ROOT, ask_as, token_of
from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from tests.trust.bars import bar
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.models import Observation
from thucthi.kernel.rates import Policy
from thucthi.obstacles.models import Obstacle
from thucthi.programmes.models import Coordination, Task
from thucthi.reporting.models import Report

LISTS = ("tasks", "obligations", "reports", "obstacles", "values")
FIRST = {"tasks": "code", "reports": "id", "obstacles": "code"}


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def all_of(secret: str, kind: str, limit: int = 100) -> list[Any]:
    found, after = [], 0
    while after is not None:
        told = ask_as(secret, f"/{kind}?limit={limit}&after={after}").json()
        found += told["items"]
        after = told["next"]
    return found


def everyone() -> dict[str, str]:
    return {body.code: token_of(body).text for body in Organisation.objects.all()}


@bar("B12")
def test_each_sees_its_own_and_nobody_sees_another_s(world: World) -> None:
    secrets = everyone()
    seen = {(code, kind): all_of(secret, kind) for code, secret in secrets.items() for kind in LISTS}
    for code in secrets:
        body = Organisation.objects.get(code=code)
        along = set(Coordination.objects.filter(organisation=body).values_list("task__code", flat=True))
        led = set(Task.objects.filter(lead=body).values_list("code", flat=True))
        assert {each["code"] for each in seen[code, "tasks"]} <= led | along
        reports = Report.objects.filter(obligation__organisation=body).values_list("pk", flat=True)
        assert {each["id"] for each in seen[code, "reports"]} <= set(reports)
        values = Observation.objects.filter(organisation=body).values_list("pk", flat=True)
        assert {each["id"] for each in seen[code, "values"]} <= set(values)
        for each in seen[code, "obstacles"]:
            row = Obstacle.objects.get(code=each["code"])
            assert body.pk in {row.raised_by_organisation_id, row.asked_of_id} | {
                h.organisation_id for h in row.hops.all()
            }
    for kind in ("tasks", "reports", "obstacles"):
        assert any(seen[code, kind] for code in secrets), kind


@bar("B12")
def test_the_number_of_another_does_not_exist(world: World) -> None:
    """B12: every name that anybody sees is tried by everybody; who does not list it is told 404, always the same."""
    secrets = everyone()
    seen = {
        (code, kind): {str(each[key]) for each in all_of(secret, kind)}
        for code, secret in secrets.items()
        for kind, key in FIRST.items()
    }
    tried = 0
    for kind in FIRST:
        unknown = ask_as(secrets["bo-tai-chinh"], f"/{kind}/{0 if kind == 'reports' else 'khong-co'}")
        for name in set().union(*(seen[code, kind] for code in secrets)):
            for code, secret in secrets.items():
                answer = ask_as(secret, f"/{kind}/{name}")
                if name in seen[code, kind]:
                    assert answer.status_code == 200
                else:
                    assert (answer.status_code, answer.content) == (404, unknown.content)
                    tried += 1
    assert tried > 50


def test_a_page_goes_on(world: World) -> None:
    secret = token_of(world.state.province).text
    whole = all_of(secret, "tasks")
    assert all_of(secret, "tasks", limit=1) == whole
    first = ask_as(secret, "/tasks?limit=1")
    address = first["Link"].partition(">")[0].strip("<")
    heads = {"Authorization": f"Bearer {secret}"}
    assert Client().get(address, headers=heads).json()["items"] == whole[1:2]
    again = ask_as(secret, "/tasks?limit=1", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-cache")


@pytest.mark.parametrize("kind", LISTS)
def test_a_scope_is_never_exceeded(world: World, kind: str) -> None:
    scope = {"obligations": "reports:read"}.get(kind, f"{kind}:read")
    only = token_of(world.state.province, scope).text
    assert ask_as(only, f"/{kind}").status_code == 200
    for other in LISTS:
        if {"obligations": "reports:read"}.get(other, f"{other}:read") != scope:
            answer = ask_as(only, f"/{other}")
            assert (answer.status_code, answer.json()["code"]) == (403, "no_scope")
            assert "items" not in answer.json()


def test_no_session_opens_it(world: World) -> None:
    client = Client()
    person = world.state.person(Role.HEAD, world.state.province)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{ROOT}/org/tasks")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert ask_as("ttk_" + "x" * 43, "/tasks").content == answer.content


def test_it_writes_nothing(world: World) -> None:
    heads = {"Authorization": f"Bearer {token_of(world.state.province).text}"}
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)(f"{ROOT}/org/reports", headers=heads)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_limits_are_those_of_the_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thucthi.workspace.api.doors.POLICY", Policy("token", 2, 3600))
    monkeypatch.setattr("thucthi.workspace.api.doors.UNPROVEN", Policy("unproven", 3, 3600))
    one, other = token_of(world.state.province).text, token_of(world.state.province).text
    told = [ask_as(one, "/token") for _ in range(3)]
    assert [each.status_code for each in told] == [200, 200, 429]
    assert [each["RateLimit"].split(";t=")[0] for each in told] == ['"token";r=1', '"token";r=0', '"token";r=0']
    assert ask_as(other, "/token").status_code == 200
    assert [ask_as("ttk_x", "/token").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert ask_as(other, "/token").status_code == 200


def test_obligations_are_due_or_overdue(world: World) -> None:
    secret = token_of(world.state.province).text
    both = all_of(secret, "obligations")
    for wanted, late in (("overdue", True), ("due", False)):
        told = ask_as(secret, f"/obligations?state={wanted}").json()["items"]
        assert told == [each for each in both if each["is_overdue"] is late]
    assert ask_as(secret, "/obligations?state=late").status_code == 422
