"""What `make test` leaves to `make thorough` is left out of whole runs only, and counted."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import thorough
from tests.thorough import LEFT_OUT, left_in


class Item:
    def __init__(self, *marks: str) -> None:
        self.marks = marks

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


SHORT, WHOLE = Item("browser"), Item("browser", "thorough")


def config_of(*arguments: str) -> Any:
    return SimpleNamespace(
        args=list(arguments), getini=lambda name: {"testpaths": ["tests"]}[name], stash=pytest.Stash(), workeroutput={}
    )


def chosen(config: Any) -> list[Any]:
    return left_in(config, [SHORT, WHOLE])  # type: ignore[list-item]


@pytest.fixture(autouse=True)
def _not_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thorough, "THOROUGH", False)


def test_a_whole_run_leaves_them_out_and_says_how_many() -> None:
    config = config_of("tests")
    assert chosen(config) == [SHORT]
    assert config.stash[LEFT_OUT] == 1
    assert config.workeroutput == {"left out": 1}


def test_asked_for_by_name_they_run() -> None:
    config = config_of("tests/backup")
    assert chosen(config) == [SHORT, WHOLE]
    assert LEFT_OUT not in config.stash


def test_thorough_is_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thorough, "THOROUGH", True)
    assert chosen(config_of("tests")) == [SHORT, WHOLE]
