"""A file is read in a process that can spend little, knows nothing and leaves nothing behind."""

import json
import os
import select
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.intake.files_office.building import paragraph, row, table, word
from thucthi.intake.reading import sandbox
from thucthi.intake.reading.files import faults
from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.output import from_full
from thucthi.intake.reading.read import read
from thucthi.intake.reading.sandbox import extract_in_sandbox, read_in_sandbox
from thucthi.intake.reading.source import Source

_BOUNDED = "from thucthi.intake.reading.worker import MOST_MEMORY, set_limits; set_limits({seconds}, MOST_MEMORY); "


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return word(
        tmp_path / "Kế hoạch số 1.docx",
        paragraph("KẾ HOẠCH"),
        table(row("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"), row("1", "Rà soát", "Bộ Y tế", "Quý IV/2026")),
    )


def _python(code: str) -> tuple[int, bytes]:
    return sandbox._run([sys.executable, "-P", "-c", code])


def test_the_same_is_read_as_without_it(document: Path) -> None:
    source = extract(document)
    assert extract_in_sandbox(document) == source
    assert read_in_sandbox(document, as_of=date(2026, 1, 1)) == read(source, as_of=date(2026, 1, 1))


def test_the_same_bytes_give_the_same_answer(document: Path) -> None:
    command = [sys.executable, "-m", "thucthi.intake.reading.worker", "read", str(document), "20"]
    answers = {subprocess.run(command, capture_output=True, check=True).stdout for _ in range(2)}
    assert len(answers) == 1


def test_a_relative_path_is_found(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(document.parent)
    assert extract_in_sandbox(Path(document.name)).lines[0].text == "KẾ HOẠCH"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.docx", b"", faults.EMPTY),
        ("a.docx", b"PK\x03\x04 cut off", faults.DAMAGED),
        ("a.docm", b"PK\x03\x04", faults.WITH_MACROS),
        ("a.exe", b"MZ", faults.KIND_UNKNOWN),
    ],
)
def test_a_refusal_comes_through(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable) as fault:
        read_in_sandbox(tmp_path / name)
    assert str(fault.value) == sentence
    command = [sys.executable, "-m", "thucthi.intake.reading.worker", "extract", str(tmp_path / name), "20"]
    ended = subprocess.run(command, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout.decode()) == (2, sentence)


def test_no_file_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_run", None)
    with pytest.raises(Unreadable) as fault:
        read_in_sandbox(tmp_path / "a.docx")
    assert str(fault.value) == faults.MISSING


def test_nothing_of_our_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://bi-mat")
    status, said = _python("import json, os, sys; print(json.dumps([dict(os.environ), sys.stdin.read(), os.getcwd()]))")
    environment, given, folder = json.loads(said)
    assert (status, given, folder) == (0, "", "/")
    assert "DATABASE_URL" not in environment
    assert not [value for value in environment.values() if "bi-mat" in value]


def test_endless_work_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    status, _ = _python(f"{_BOUNDED.format(seconds=0)}\nwhile True: pass")
    assert status == -signal.SIGXCPU
    assert sandbox._why(status, b"") == faults.TOO_SLOW
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.3)
    with pytest.raises(Unreadable) as fault:
        _python("import signal; signal.pause()")
    assert str(fault.value) == faults.TOO_SLOW


def test_what_the_child_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1)
    told = tmp_path / "pid"
    code = (
        "import os, signal\n"
        "pid = os.fork()\n"
        f"if pid: open({str(told)!r}, 'w').write(str(pid))\n"
        "else: signal.pause()\n"
    )  # fmt: skip
    with pytest.raises(Unreadable):
        _python(code)
    try:
        started = os.pidfd_open(int(told.read_text("ascii")))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([started], [], [], 10)
    os.close(started)
    assert ended == [started]


def test_memory_is_bounded() -> None:
    grow = "try: held = bytearray(400 * 1024 * 1024)\nexcept MemoryError: print('bounded')"
    assert _python(f"{_BOUNDED.format(seconds=20)}\n{grow}") == (0, b"bounded\n")
    assert (
        _python(f"{_BOUNDED.format(seconds=20)}\nheld = bytearray(100 * 1024 * 1024)\nprint('enough')")[1]
        == b"enough\n"
    )


def test_nothing_is_written_and_few_files_are_opened(tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    write = f"try: Path({path!r}).write_text('x')\nexcept OSError as error: print(errno.errorcode[error.errno])"
    status, said = _python(f"import errno; from pathlib import Path; {_BOUNDED.format(seconds=20)}\n{write}")
    assert (status, said.split()) == (0, [b"EFBIG"])
    assert (tmp_path / "x").read_bytes() == b""
    opened = "held = []\ntry:\n  while True: held.append(open('/dev/null'))\nexcept OSError: print(len(held) < 32)"
    assert _python(f"{_BOUNDED.format(seconds=20)}\n{opened}") == (0, b"True\n")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (-signal.SIGXCPU, faults.TOO_SLOW),
        (-signal.SIGKILL, faults.TOO_SLOW),
        (-signal.SIGABRT, faults.TOO_HEAVY),
        (-signal.SIGSEGV, faults.TOO_HEAVY),
        (1, faults.NOT_READ),
        (2, faults.NOT_READ),
    ],
)
def test_a_child_that_breaks_is_a_sentence_too(status: int, sentence: str) -> None:
    assert sandbox._why(status, b"") == sentence


def test_what_a_parser_prints_does_not_mix_with_the_answer(document: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "import os, sys\n"
        "from thucthi.intake.reading import worker\n"
        "real = worker.extract\n"
        "def loud(path):\n"
        "    print('warning'); os.write(1, b'deeper warning')\n"
        "    return real(path)\n"
        "worker.extract = loud\n"
        f"sys.exit(worker.main('extract', Path({str(document)!r}), 20, None))"
    )
    status, said = _python(code)
    assert status == 0
    assert from_full(Source, json.loads(said)) == extract(document)


def test_a_child_without_memory_says_so(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "import sys\n"
        "from thucthi.intake.reading import worker\n"
        "def heavy(path): raise MemoryError\n"
        "worker.extract = heavy\n"
        "sys.exit(worker.main('read', Path('/'), 20, None))"
    )
    assert _python(code) == (2, faults.TOO_HEAVY.encode())
    assert os.listdir(tmp_path) == []
