"""Both descriptions are asked at random by three users; and a planted fault turns the run red."""

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.api.conformity import DESCRIPTIONS, Run, User, run, user_of
from tests.api.world import ROOT, make_published, token_of
from tests.trust.bars import bar
from thucthi.kernel.rates import Policy
from thucthi.programmes.models import Task
from thucthi.reporting.models import Report
from thucthi.workspace.selectors import for_programs

CALLS = int(os.environ.get("THUCTHI_API_CALLS", "400"))


@pytest.fixture(autouse=True)
def _quietly() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def users(db: None, monkeypatch: pytest.MonkeyPatch) -> list[User]:
    world, _snapshot = make_published()
    for name, place in (("public", "public_site"), ("token", "workspace"), ("unproven", "workspace")):
        constant = "UNPROVEN" if name == "unproven" else "POLICY"
        monkeypatch.setattr(f"thucthi.{place}.api.doors.{constant}", Policy(name, 10**9))
    mine, other = (token_of(body).text for body in (world.state.province, world.state.science))
    return [User("nobody"), user_of("A", mine), user_of("B", other)]


def known() -> list[str]:
    numbers = [str(pk) for pk in Report.objects.values_list("pk", flat=True)]
    return [*Task.objects.values_list("code", flat=True), *numbers, "vm-1", "ct-mau", "ubnd-an-binh", "1-nq-tw"]


def asked(users: list[User], calls: int = CALLS) -> Run:
    return run(users, known(), calls)


def test_no_question_breaks_it_and_every_answer_is_as_described(users: list[User]) -> None:
    done = asked(users)
    print(f"{done.calls} calls, {dict(sorted(done.statuses.items()))}")  # noqa: T201 - the figure for `make api-test`
    assert done.faults[:5] == []
    assert done.calls >= CALLS
    # Without answers of substance the run would say nothing.
    assert done.statuses[200] > done.calls // 20


@bar("B12", planted=True)
def test_a_planted_leak_is_seen(users: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgets to ask whose task it is."""
    everything = Task.objects.select_related("programme", "lead").prefetch_related("coordinators")
    monkeypatch.setattr(for_programs, "own_tasks", lambda own: everything)
    assert asked(users, 200).seen_by_strangers != []


CORPUS = (
    "%00", "%ED%A0%80", "%FF%FE", "9223372036854775808", "-9223372036854775809", "1e999", "NaN", "Infinity",
    "%E2%80%AE", "..%2F..%2Fetc%2Fpasswd", "'; DROP TABLE x;--", "%0d%0aSet-Cookie:a=b", "{{7*7}}", "[]",
    "true", "x" * 8_000,
)  # fmt: skip


@pytest.mark.parametrize("audience", DESCRIPTIONS)
def test_odd_values_in_every_place(users: list[User], audience: str) -> None:
    described = Client().get(DESCRIPTIONS[audience]).json()
    client: Any = Client(raise_request_exception=False)
    tried = 0
    for path, operation in described["paths"].items():
        names = [each["name"] for each in operation["get"].get("parameters", []) if each["in"] == "query"]
        for odd in CORPUS:
            places = [f"{path}?{name}={odd}" for name in [*names, odd[:40]]]
            if "{" in path:
                places = [path.partition("{")[0] + odd.replace("/", "%2F"), *places]
            for place in places:
                for user in users[:2]:
                    heads = {"Authorization": f"Bearer {user.secret}"}
                    answer = client.get(place.replace("{code}", odd).replace("{number}", "1"), headers=heads)
                    assert answer.status_code < 500, (place, answer.status_code)
                    tried += 1
    assert tried > 500


def test_odd_heads_and_bodies(users: list[User]) -> None:
    client: Any = Client(raise_request_exception=False)
    large = b"\0" * (10 * 1024 * 1024)
    for path in (f"{ROOT}/tasks", f"{ROOT}/org/tasks", f"{ROOT}/khong-co", f"{ROOT}/org/khong-co"):
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            for head in (
                "Bearer \udcff\udcfe",
                "Bearer " + "x" * 100_000,
                "Bearer \x00",
                "Basic Og==",
                "",
                users[1].secret,
            ):
                answer = client.generic(method, path, headers={"Authorization": head})
                assert answer.status_code < 500, (method, path)
            answer = client.generic(method, path, large, content_type="application/json")
            assert answer.status_code < 500, (method, path)
        for name in ("If-None-Match", "X-Forwarded-For", "Accept-Language", "Cookie"):
            answer = client.get(path, headers={name: '"\xff' * 3000})
            assert answer.status_code < 500, (name, path)
