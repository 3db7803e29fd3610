"""Work in a process of its own: it answers, says why it cannot, or is ended; it sees nothing of our environment."""

from pathlib import Path

import pytest

from thucthi.kernel import confinement
from thucthi.kernel.confinement import Cannot, Ended, confined

WORKS = {
    "echo": "return given.decode()",
    "environment": "return sorted(os.environ)",
    "printing": "print('noise'); os.write(1, b'noise'); return 'answer'",
    "cannot": "raise Cannot('Không đọc được.')",
    "memory": "return len(bytearray(2_000_000_000))",
    "recursion": "return work(given)",
    "processor": "while True: pass",
    "sleeping": "time.sleep(30)",
    "crash": "raise ZeroDivisionError",
    "abort": "os.abort()",
    "writing": "os.write(os.open(given.decode(), os.O_CREAT | os.O_WRONLY), b'x')",
}
MODULE = """
import os, sys, time
from thucthi.kernel.confinement import Cannot, answering
def work(given):
    {body}
if __name__ == "__main__":
    sys.exit(answering(work, seconds=1))
"""


@pytest.fixture
def module(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "planted_work.py").write_text(MODULE.format(body=WORKS[request.param]), encoding="utf-8")
    path = f"{tmp_path}:{confinement.BARE_ENVIRONMENT['PYTHONPATH']}"
    monkeypatch.setitem(confinement.BARE_ENVIRONMENT, "PYTHONPATH", path)
    monkeypatch.setenv("THUCTHI_SECRET_KEY", "secret")
    return "planted_work"


@pytest.mark.parametrize("module", ["echo"], indirect=True)
def test_the_answer_comes_back_as_it_was(module: str) -> None:
    assert confined(module, given="số liệu\ud800".encode("utf-8", "ignore")) == "số liệu"


@pytest.mark.parametrize("module", ["environment"], indirect=True)
def test_nothing_of_our_environment_is_handed_over(module: str) -> None:
    seen = confined(module, given=b"")
    assert isinstance(seen, list)
    assert set(seen) - {"LC_CTYPE"} == set(confinement.BARE_ENVIRONMENT)


@pytest.mark.parametrize("module", ["printing"], indirect=True)
def test_what_a_parser_prints_is_no_answer(module: str) -> None:
    assert confined(module, given=b"") == "answer"


@pytest.mark.parametrize("module", ["cannot"], indirect=True)
def test_the_work_says_why_it_cannot(module: str) -> None:
    with pytest.raises(Cannot, match="Không đọc được"):
        confined(module, given=b"")


@pytest.mark.parametrize("module", ["memory", "recursion", "abort"], indirect=True)
def test_too_heavy_work_is_ended(module: str) -> None:
    with pytest.raises(Ended) as ended:
        confined(module, given=b"")
    assert (ended.value.too_heavy, ended.value.too_slow) == (True, False)


@pytest.mark.parametrize("module", ["processor", "sleeping"], indirect=True)
def test_too_slow_work_is_ended(module: str) -> None:
    with pytest.raises(Ended) as ended:
        confined(module, given=b"", wall_seconds=20 if module == "processor" else 8)
    assert (ended.value.too_heavy, ended.value.too_slow) == (False, True)


@pytest.mark.parametrize("module", ["crash"], indirect=True)
def test_work_that_breaks_is_neither(module: str) -> None:
    with pytest.raises(Ended) as ended:
        confined(module, given=b"")
    assert (ended.value.too_heavy, ended.value.too_slow) == (False, False)


@pytest.mark.parametrize("module", ["writing"], indirect=True)
def test_the_work_writes_no_file(module: str, tmp_path: Path) -> None:
    with pytest.raises(Ended):
        confined(module, given=str(tmp_path / "out").encode())
    assert (tmp_path / "out").read_bytes() == b""


def test_a_module_that_does_not_exist_is_told() -> None:
    with pytest.raises(Ended):
        confined("thucthi.no_such_module", given=b"x")
