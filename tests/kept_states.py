"""A state that is slow to make, made once in a process and lent to each test anew.

`kept(make_world)` stands for `make_world()` under `db`: the state lies committed in a database of its own, the test
works on it in a transaction that is rolled back, and what `make_world` returned comes as fresh copies. The function is
named at the top of a module and takes no arguments; it must not depend on what a test has set.
"""

import pickle
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from django.utils import timezone

from tests.database import copy_of_the_migrated
from thucthi.config.supervisor import LocalPostgres

Made = TypeVar("Made")
Kept = Callable[[Callable[[], Made]], Made]
# Each takes the room of a database, twenty megabytes.
LIVING = 12
FOLDERS = {"EVIDENCE_ROOT": "evidence", "PUBLISHED_ROOT": "published"}


@dataclass
class State:
    name: str
    connection: BaseDatabaseWrapper
    files: Path
    made: bytes = b""


class States:
    def __init__(self, postgres: LocalPostgres, folder: Path) -> None:
        self._postgres, self._folder, self._numbers = postgres, folder, count()
        self._living: OrderedDict[tuple[Any, ...], State] = OrderedDict()

    @contextmanager
    def lent(self, make: Callable[[], Any]) -> Iterator[Any]:
        state = self._state(make)
        for setting, folder in FOLDERS.items():
            if (state.files / folder).is_dir():
                shutil.copytree(state.files / folder, getattr(settings, setting), symlinks=True)
        with connected(state):
            yield pickle.loads(state.made)  # noqa: S301 - our own bytes

    def _state(self, make: Callable[[], Any]) -> State:
        # Many states know what day it is.
        key = (make, timezone.localdate())
        if key not in self._living:
            while len(self._living) >= LIVING:
                self._forget(self._living.popitem(last=False)[1])
            self._living[key] = self._make(make)
        self._living.move_to_end(key)
        return self._living[key]

    def _make(self, make: Callable[[], Any]) -> State:
        assert "<" not in make.__qualname__, "a state is told by its function, which must be the same for every test"
        name = f"kept_{next(self._numbers)}"
        copy_of_the_migrated(self._postgres, name)
        wrapper = connections["default"]
        own = type(wrapper)({**wrapper.settings_dict, "NAME": name}, wrapper.alias)
        state = State(name, own, self._folder / name)
        roots = {setting: state.files / folder for setting, folder in FOLDERS.items()}
        with override_settings(**roots), connected(state, for_good=True):
            state.made = pickle.dumps(make())
        return state

    def _forget(self, state: State) -> None:
        state.connection.close()
        self._postgres.drop_database(state.name)
        shutil.rmtree(state.files, ignore_errors=True)

    def forget_all(self) -> None:
        while self._living:
            self._forget(self._living.popitem()[1])


@contextmanager
def connected(state: State, *, for_good: bool = False) -> Iterator[None]:
    """This thread's connection is that of the state; those of other threads begin there."""
    told, before = connections.settings["default"], connections["default"]
    name, told["NAME"] = told["NAME"], state.name
    connections["default"] = state.connection
    try:
        # Two, as in Django's TestCase: code asks whether it runs inside somebody else's transaction.
        with _as_in_a_test_case(), _as_in_a_test_case():
            try:
                yield
                _hold_what_is_deferred(state.connection)
            finally:
                if for_good:
                    # A test under `db` never commits, so nothing that waits for it has ever run.
                    state.connection.run_on_commit.clear()
                else:
                    transaction.set_rollback(True)
    finally:
        told["NAME"] = name
        connections["default"] = before
        _begin_anew(state.connection)


def _as_in_a_test_case() -> transaction.Atomic:
    """What insists on being the outermost transaction may run inside."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    return atomic


def _hold_what_is_deferred(connection: BaseDatabaseWrapper) -> None:
    if not connection.needs_rollback and connection.is_usable():
        connection.check_constraints()


def _begin_anew(connection: BaseDatabaseWrapper) -> None:
    """What a test told the connection about who is looking went with the transaction."""
    if connection.connection is not None:
        vars(connection.connection).pop("_thucthi_sight", None)


@pytest.fixture(scope="session")
def kept_states(postgres: LocalPostgres, django_db_setup: None, tmp_path_factory: Any) -> Iterator[States]:
    states = States(postgres, tmp_path_factory.mktemp("kept"))
    yield states
    states.forget_all()


@pytest.fixture
def kept(kept_states: States, _files_of_their_own: None, django_db_blocker: Any) -> Iterator[Kept[Any]]:
    """Asked before whatever else the test writes: see above."""
    with django_db_blocker.unblock(), ExitStack() as lent:
        yield lambda make: lent.enter_context(kept_states.lent(make))
