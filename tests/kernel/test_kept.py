"""Answers kept for some minutes: for whom, how long, and that a page never fails for them."""

import fcntl
import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from thucthi.kernel import kept as keeping
from thucthi.kernel.kept import kept


class Source:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> list[Any]:
        self.asked += 1
        return [self.asked, ["a", 0.1]]


@pytest.fixture
def source(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    settings.KEPT_ROOT, settings.KEPT_SECONDS = tmp_path / "kept", 300
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0)
    return Source()


def files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.KEPT_ROOT).iterdir() if not path.suffix]


def test_the_same_question_is_counted_once_and_says_when(source: Source, settings: Any) -> None:
    before = timezone.now()
    first, second = kept("a", [1, "x"], source), kept("a", [1, "x"], source)
    assert (first.answer, source.asked) == ([1, ["a", 0.1]], 1)
    assert second.answer == first.answer
    assert before <= second.made_at <= timezone.now()
    assert abs((second.made_at - first.made_at).total_seconds()) < 0.001
    assert [path.stat().st_mode & 0o777 for path in files(settings)] == [0o600]


@pytest.mark.parametrize("other", [("b", [1]), ("a", [2]), ("a", [1, 1])])
def test_another_question_or_other_rights_get_their_own_answer(source: Source, other: tuple[str, list[int]]) -> None:
    kept("a", [1], source)
    assert kept(*other, source).answer[0] == 2


def test_the_name_of_the_file_tells_nothing(source: Source, settings: Any) -> None:
    kept("reliability", ["mat"], source)
    (path,) = files(settings)
    assert len(path.name) == 40
    assert b"mat" not in path.read_bytes()


def test_after_its_time_it_is_counted_anew(source: Source, settings: Any) -> None:
    kept("a", [], source)
    settings.KEPT_SECONDS = 1e-9
    assert kept("a", [], source).answer[0] == 2


def test_while_one_counts_the_others_get_the_answer_before(source: Source, settings: Any) -> None:
    kept("a", [], source)
    settings.KEPT_SECONDS = 1e-9
    (path,) = files(settings)
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert kept("a", [], source).answer[0] == 1
    os.close(lock)
    assert kept("a", [], source).answer[0] == 2


def test_what_is_counted_quickly_is_never_kept(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 60)
    assert [kept("a", [], source).answer[0] for _ in range(3)] == [1, 2, 3]


def test_nothing_is_kept_where_that_is_not_wanted(source: Source, settings: Any) -> None:
    settings.KEPT_SECONDS = 0
    assert [kept("a", [], source).answer[0] for _ in range(2)] == [1, 2]
    assert not Path(settings.KEPT_ROOT).exists()


def test_a_broken_file_and_a_place_that_cannot_be_written_take_no_page_away(source: Source, settings: Any) -> None:
    kept("a", [], source)
    files(settings)[0].write_text('{"made_at": 1', encoding="utf-8")
    assert kept("a", [], source).answer[0] == 2
    settings.KEPT_ROOT = Path("/proc/kept")
    assert [kept("a", [], source).answer[0] for _ in range(2)] == [3, 4]


def test_old_answers_are_cleared_away(source: Source, settings: Any) -> None:
    kept("a", [], source)
    for path in Path(settings.KEPT_ROOT).iterdir():
        os.utime(path, (1, 1))
    kept("b", [], source)
    assert len(files(settings)) == 1
