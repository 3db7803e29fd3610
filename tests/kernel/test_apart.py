"""Work in a process of its own: values there and back, faults as they were raised, no settings handed on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from thucthi.kernel import apart as module
from thucthi.kernel.apart import HANDED_ON, apart
from thucthi.kernel.confinement import BARE_ENVIRONMENT, Ended
from thucthi.kernel.errors import Fault

WORK = """
import os, sys, time
class Odd(Exception):
    def __init__(self, one, two):
        super().__init__("odd")
def same(*given): return given
def environment(): return sorted(os.environ)
def loaded(): return "django.conf" in sys.modules
def noise():
    print("noise"); os.write(1, b"noise")
    return "answer"
def refuse(): raise ValueError("Không được.", 7)
def odd(): raise Odd(1, 2)
def crash(): os._exit(3)
def sleep(): time.sleep(30)
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    (tmp_path / "planted_work.py").write_text(WORK, encoding="utf-8")
    path = f"{tmp_path}:{BARE_ENVIRONMENT['PYTHONPATH']}"
    monkeypatch.setattr(module, "BARE_ENVIRONMENT", {**BARE_ENVIRONMENT, "PYTHONPATH": path})
    return lambda name: f"planted_work:{name}"


def test_values_come_back_as_they_were(work: Callable[[str], str]) -> None:
    given = ("số liệu", b"\0\xff", Decimal("1.50"), date(2026, 11, 30), {"a": [None, True]}, Fault("a", "b"))
    assert apart(work("same"), *given) == given


def test_settings_and_secrets_stay_here(work: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THUCTHI_SECRET_KEY", "secret")
    assert set(apart(work("environment"))) - {"LC_CTYPE"} <= {*BARE_ENVIRONMENT, *HANDED_ON}
    assert apart(work("loaded")) is False


def test_what_a_library_prints_is_no_answer(work: Callable[[str], str]) -> None:
    assert apart(work("noise")) == "answer"


def test_a_fault_is_raised_here_as_it_was_raised_there(work: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match="Không được") as refused:
        apart(work("refuse"))
    assert refused.value.args == ("Không được.", 7)
    assert "planted_work.py" in "".join(refused.value.__notes__)


def test_a_fault_that_cannot_be_sent_is_told(work: Callable[[str], str]) -> None:
    with pytest.raises(RuntimeError, match="Odd: odd"):
        apart(work("odd"))


def test_a_process_that_ends_without_a_word_is_told(work: Callable[[str], str]) -> None:
    with pytest.raises(Ended) as ended:
        apart(work("crash"))
    assert (ended.value.too_slow, str(ended.value)) == (False, "status 3, too slow: False, too heavy: False")


def test_work_without_end_is_ended(work: Callable[[str], str]) -> None:
    with pytest.raises(Ended) as ended:
        apart(work("sleep"), wall_seconds=3)
    assert ended.value.too_slow is True


def test_a_function_that_does_not_exist_is_told(work: Callable[[str], str]) -> None:
    with pytest.raises(AttributeError, match="no_such"):
        apart(work("no_such"))
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        apart("thucthi.no_such_module:work")
