"""Every address, every method, every role in every relation: what is answered against what access_table.csv says.

The table is the word of people, not of the code: nothing here imports an access rule.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.architecture import access_oracle
from tests.architecture.access_world import LIBRARY, World, address_names, make_world
from tests.kept_states import Kept
from tests.thorough import in_full, is_among
from tests.trust.bars import bar
from thucthi.kernel.sight import EVERYTHING

ROLES = (
    "reporter", "approver", "head", "programme_editor", "steering_office", "verifier", "publisher", "auditor",
    "account_admin",
)  # fmt: skip
ANONYMOUS = ("anonymous", "unrelated")
# Everyone in every relation reads and writes; the other methods are tried by each role in the leading organisation.
TRIED_BY_ALL = ("GET", "POST")
TRIED_BY_SOME = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
PARTS = 6
STATUS_WORDS = {
    200: "open", 204: "done", 304: "open", 400: "bad-request", 401: "kept", 403: "forbidden", 404: "hidden",
    405: "not-so", 409: "stale", 422: "faulty", 429: "too-many",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    page: str
    method: str
    role: str
    relation: str


@pytest.fixture
def world(kept: Kept[World], settings: Any) -> Iterator[World]:
    # A session that lies in its cookie needs no query and survives whatever a cell does to it.
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    cache.clear()
    logging.disable(logging.CRITICAL)
    yield kept(make_world)
    logging.disable(logging.NOTSET)


def cells(world: World, pages: Iterable[str]) -> Iterator[Cell]:
    for page in pages:
        for method in TRIED_BY_ALL + TRIED_BY_SOME:
            yield Cell(page, method, *ANONYMOUS)
            everywhere = method in TRIED_BY_ALL and not page.startswith(LIBRARY)
            for relation in world.relations if everywhere else ("lead",):
                # Roles mean nothing to the sign-in library: one signed-in person stands for all.
                roles = ROLES[:1] if page.startswith(LIBRARY) else ROLES
                yield from (Cell(page, method, role, relation) for role in roles)


class Prober:
    """Sends requests as any actor and takes back whatever they changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client(raise_request_exception=False)
        self.sessions: dict[tuple[str, str], str] = {}

    def answer(self, cell: Cell) -> str:
        """The word for what came back; a crash is `status 500`."""
        self.client.cookies = self._cookies(cell.role, cell.relation)
        url = reverse(cell.page.partition("#")[0], kwargs=self.world.pages[cell.page])
        with transaction.atomic():
            response: Any = self.client.generic(cell.method, url, content_type="application/x-www-form-urlencoded")
            if response.streaming:
                # Read to the end, so that the file is closed; closing by hand would close the connection too.
                list(response.streaming_content)
            transaction.set_rollback(True)
        return word_for(response)

    def _cookies(self, role: str, relation: str) -> SimpleCookie:
        if role == "anonymous":
            return SimpleCookie()
        if (role, relation) not in self.sessions:
            visitor = Client()
            visitor.force_login(self.world.actor(role, relation), backend="django.contrib.auth.backends.ModelBackend")
            self.sessions[role, relation] = visitor.cookies[settings.SESSION_COOKIE_NAME].value
        return SimpleCookie({settings.SESSION_COOKIE_NAME: self.sessions[role, relation]})


def word_for(response: HttpResponse) -> str:
    if response.status_code in {301, 302, 303}:
        return "sign-in" if response["Location"].startswith(reverse("account_login")) else "done"
    return STATUS_WORDS.get(response.status_code, f"status {response.status_code}")


def wrong_cells(world: World, pages: Iterable[str], one_in: int = 1) -> tuple[int, list[str]]:
    """How many cells were tried, and the wrong ones in words."""
    prober, wrong, tried = Prober(world), [], 0
    for cell in cells(world, pages):
        if not is_among(cell, one_in):
            continue
        tried += 1
        line = access_oracle.line_for(cell.page, cell.method, cell.role, cell.relation)
        answered = prober.answer(cell)
        if line is None or answered not in line.allowed:
            expected = f"line {line.number}: {'|'.join(sorted(line.allowed))}" if line else "the table is silent"
            wrong.append(
                f"{cell.method} {cell.page} as {cell.role}@{cell.relation} answered {answered}, expected {expected}"
            )
    return tried, wrong


def untested(names: Iterable[str], world: World) -> list[str]:
    tested = {page.partition("#")[0] for page in world.pages}
    return [name for name in names if name not in tested]


def test_every_address_has_its_thing_in_the_world(world: World) -> None:
    assert untested(address_names(), world) == []
    assert untested((page.partition("#")[0] for page in world.pages), world) == []


@bar("B10")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_answers_as_the_table_says(
    world: World, part: int, record_property: Callable[[str, object], None]
) -> None:
    """In parts, so that several processes can share the work; one cell in three, and every one in `make thorough`."""
    tried, wrong = wrong_cells(world, list(world.pages)[part::PARTS], one_in=3)
    assert wrong == []
    assert tried > 1500
    record_property("measured", f"{tried} cells")


def test_every_line_of_the_table_decides_something(world: World) -> None:
    deciding = {
        line.number
        for cell in cells(world, world.pages)
        if (line := access_oracle.line_for(cell.page, cell.method, cell.role, cell.relation))
    }
    assert [line.number for line in access_oracle.lines() if line.number not in deciding] == []


def test_a_planted_address_is_missed_by_the_table(world: World) -> None:
    assert untested(address_names("tests.architecture.planted_urls"), world) != []


@pytest.mark.urls("tests.architecture.planted_urls")
def test_an_address_without_a_rule_is_denied_to_everyone(db: None) -> None:
    assert Client().get("/forgotten/").status_code == 404


def loosened(page: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exchange the rule behind one page's door for one that lets everybody in."""
    view: Any = resolve(reverse(page.partition("#")[0], kwargs=world.pages[page])).func
    while "rule" not in getattr(view.__code__, "co_freevars", ()):
        view = view.__wrapped__
    held = view.__closure__[view.__code__.co_freevars.index("rule")]
    monkeypatch.setattr(held, "cell_contents", lambda viewer: True)


@bar("B10", planted=True)
@pytest.mark.parametrize("page", ["reporting:review_queue", *in_full([], ["directory:accounts", "publication:issues"])])
def test_a_loosened_door_is_seen(world: World, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    loosened(page, world, monkeypatch)
    others = ["workspace:home", "documents:documents"]
    _, wrong = wrong_cells(world, [page, *others])
    assert wrong != []
    assert all(f" {page} " in cell for cell in wrong)


LOOSENED: list[tuple[str, str, Callable[..., bool]]] = [
    ("thucthi.programmes.access.can_see_programme", "programmes:programme#draft", lambda *_: True),
    ("thucthi.programmes.access.can_receive", "programmes:receive_task#issued", lambda *_: True),
    ("thucthi.intake.access.can_see_sources", "intake:result", lambda *_: True),
    ("thucthi.directory.access.can_shut_account", "directory:deactivate", lambda *_: False),
]


@bar("B10", planted=True)
@pytest.mark.parametrize(("rule", "page", "answer"), LOOSENED, ids=[row[0].rpartition(".")[2] for row in LOOSENED])
def test_a_changed_rule_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch, rule: str, page: str, answer: Callable[..., bool]
) -> None:
    monkeypatch.setattr(rule, answer)
    # The policies of the database would hide the row all the same; here the rule alone is judged.
    monkeypatch.setattr("thucthi.directory.middleware.sight_of", lambda viewer: EVERYTHING)
    _, wrong = wrong_cells(world, [page, "workspace:home"])
    assert wrong != []
    assert all(f" {page} " in cell for cell in wrong)
