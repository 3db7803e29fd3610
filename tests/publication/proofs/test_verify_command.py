"""`thucthi verify` without a directory: the newest issue of this machine, or a sentence that says what to give."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from thucthi.config.cli import _names_a_directory


def verify(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "THUCTHI_STATE": str(state)}
    command = [sys.executable, "-m", "thucthi", "verify", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_without_an_issue_on_this_machine_it_says_what_to_give(tmp_path: Path) -> None:
    done = verify(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Xin cho biết thư mục của kỳ cần kiểm tra: thucthi verify THƯ-MỤC" in done.stderr
    assert str(tmp_path / "published" / "latest") in done.stderr


def test_inside_an_installation_it_checks_the_newest_issue(tmp_path: Path) -> None:
    issue = tmp_path / "published" / "issues" / ("a" * 64)
    issue.mkdir(parents=True)
    (issue / "manifest.json").write_bytes(b'{"files":{}}')
    (tmp_path / "published" / "latest").symlink_to(Path("issues") / issue.name)
    done = verify(tmp_path, "--issue", "2026-W47")
    assert done.returncode == 1
    assert str(issue) in done.stderr
    assert done.stdout.startswith("SAI: ")
    # It is the directory itself that was checked: the hash of its name is held against its list.
    assert "a" * 64 in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], False),
        (["--en"], False),
        (["--since", "cu"], False),
        (["--key", "k", "--manifest", "m", "--issue", "i"], False),
        (["--since=cu"], False),
        (["moi"], True),
        (["--since", "cu", "moi"], True),
        (["moi", "--since", "cu"], True),
        (["--help"], True),
    ],
)
def test_what_names_a_directory(arguments: list[str], named: bool) -> None:
    assert _names_a_directory(arguments) is named
