"""Schemathesis asks both descriptions as three users; nothing breaks, nothing differs from the description, nobody sees
what is not his.

    python -m pytest tests/api/test_conformity.py          the smaller run (THUCTHI_API_CALLS, 400)
    make api-test                                          at least 3,000 calls
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from tests.api.world import ROOT, ask_as

DESCRIPTIONS = {"public": f"{ROOT}/openapi.json", "organisation": f"{ROOT}/org/openapi.json"}
OURS = ("authorization", "accept-encoding")
NAMES_OF = {"tasks": "code", "reports": "id", "obstacles": "code", "obligations": "id", "values": "id"}


@dataclass
class User:
    """`secret` "" is nobody. `own`: (kind, name) of everything that its lists show when read to the end."""

    name: str
    secret: str = ""
    own: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Run:
    """What was asked and what was wrong about it."""

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    seen_by_strangers: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.broken, *self.different, *self.seen_by_strangers]


def user_of(name: str, secret: str) -> User:
    found = set()
    for kind, key in NAMES_OF.items():
        after: int | None = 0
        while after is not None:
            told = ask_as(secret, f"/{kind}?limit=100&after={after}").json()
            found |= {(kind, str(each[key])) for each in told["items"]}
            after = told["next"]
    return User(name, secret, frozenset(found))


def run(users: list[User], known: list[str], calls: int) -> Run:
    """`known`: names that exist, so that not every question is about nothing."""
    done = Run()
    with _one_connection():
        _ask_all(done, users, known, calls)
    return done


@contextmanager
def _one_connection() -> Iterator[None]:
    """As the test client does: the end of a request must not end the transaction of the test."""
    heard = (signals.request_started, signals.request_finished)
    for signal in heard:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in heard:
            signal.connect(close_old_connections)


def _ask_all(done: Run, users: list[User], known: list[str], calls: int) -> None:
    for audience, description in DESCRIPTIONS.items():
        operations = list(_operations(description))
        # Some have too few questions to fill their share.
        each = max(6 * calls // (5 * len(DESCRIPTIONS) * len(operations) * len(users)), 2) + 1
        for operation in operations:
            for user in users:
                _ask(done, audience, operation, (user, known), each)


def _operations(description: str) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi(description, get_wsgi_application())
    for found in schema.get_all_operations():
        yield found.ok()


def _ask(done: Run, audience: str, operation: Any, who: tuple[User, list[str]], examples: int) -> None:
    user, known = who
    # The client of the test does not unpack.
    heads = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {user.secret}"} if user.secret else {})

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), name=st.sampled_from(["", *known]))
    def one(case: Any, name: str) -> None:
        if name and "code" in case.path_parameters:
            case.path_parameters["code"] = name
        if name and "number" in case.path_parameters and name.isdecimal():
            case.path_parameters["number"] = int(name)
        case.headers = {key: said for key, said in (case.headers or {}).items() if key.lower() not in OURS}
        answer = case.call(headers=heads)
        done.calls += 1
        done.statuses[answer.status_code] += 1
        about = f"{user.name} {operation.method} {operation.path}: {answer.status_code}"
        if answer.status_code >= 500:
            done.broken.append(about)
        if audience == "organisation":
            done.seen_by_strangers += [f"{about} {what}" for what in _not_his(user, operation.path, answer)]
        try:
            case.validate_response(answer, excluded_checks=OF_NO_USE_HERE, headers=heads)
        except (Failure, FailureGroup) as fault:
            done.different.append(f"{about} {str(fault)[:1500]}")

    one()


# Who may ask is judged by `_not_his`, with what each user really owns. What fits the description may still be no cursor
# that we gave, and no word of this issue: no schema can say that.
OF_NO_USE_HERE = [ignored_auth, positive_data_acceptance]


def _not_his(user: User, path: str, answer: Any) -> list[str]:
    if not user.secret:
        return [] if answer.status_code in (401, 404, 405, 422, 429) else ["answered to nobody"]
    if answer.status_code != 200:
        return []
    kind = path.removeprefix(f"{ROOT}/org/").partition("/")[0]
    if kind not in NAMES_OF:
        return []
    told = json.loads(answer.content)
    rows = told.get("items", [told])
    names = {(kind, str(row[NAMES_OF[kind]])) for row in rows}
    return sorted(name for _kind, name in names - user.own)
