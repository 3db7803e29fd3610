"""`thucthi analyse`: verifies first, writes the same files again, and says what to do when it cannot."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.publication.analysis import synthetic
from thucthi.config import cli
from thucthi.publication.analysis import command
from thucthi.publication.analysis.engines import ANSWERS
from thucthi.publication.verifier.verify import Verification

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
FILES = {f"{answer.name}.{suffix}" for answer in ANSWERS for suffix in ("csv", "parquet")} | {"summary.md"}


def taken_as_published(files: Any, **_wanted: Any) -> Verification:
    """The proofs of issues are tested with the verifier; here one stands as verified."""
    found = Verification(files)
    found.facts |= {"issue": "2026-W47", "as_of": "2026-11-22", "hash": "a" * 64, "simulated": True}
    found.run = lambda: found  # type: ignore[method-assign]
    return found


def analyse(*arguments: str) -> Any:
    return CliRunner().invoke(command.analyse, arguments)


def contents(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()}


def test_the_same_issue_gives_the_same_bytes_and_a_page_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "Verification", taken_as_published)
    synthetic.written(synthetic.issue(4, tasks=40), tmp_path / "issue" / "data")
    for out in ("one", "two"):
        done = analyse(str(tmp_path / "issue"), "--out", str(tmp_path / out))
        assert (done.exit_code, done.stdout) == (0, f"{tmp_path / out / 'summary.md'}\n")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert set(contents(tmp_path / "one")) == FILES
    page = (tmp_path / "one" / "summary.md").read_text(encoding="utf-8")
    assert page.startswith("# Phân tích kỳ công bố 2026-W47\n\n**Số liệu của kỳ này là mô phỏng.**\n")
    assert f"`{'a' * 64}`" in page
    assert "- Công cụ tính: duckdb " in page
    for name, digest in contents(tmp_path / "one").items():
        assert name == "summary.md" or f"| {name} | " in page
        assert name == "summary.md" or f"`{digest}`" in page


def test_an_issue_that_is_not_what_was_published_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    issue = tmp_path / "issue"
    synthetic.written(synthetic.village(), issue / "data")
    (issue / "manifest.json").write_bytes(b'{"files":{"data/tasks.parquet":"%s"}}' % (b"0" * 64))
    done = analyse(str(issue), "--out", str(tmp_path / "out"))
    assert done.exit_code == command.WRONG
    assert "Tệp data/tasks.parquet đã bị thay đổi so với bản kê." in done.stderr
    assert "Hãy tải lại từ trang công bố" in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_issue_without_parquet_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Verification", taken_as_published)
    done = analyse(str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.exit_code == command.NOT_HERE
    assert "không có dữ liệu Parquet: tasks, reports, task_changes, organisations. Hãy chọn kỳ mới hơn." in done.stderr
    assert not (tmp_path / "out").exists()


def test_without_an_issue_on_this_machine_it_says_what_to_give(tmp_path: Path) -> None:
    environment = {**os.environ, "THUCTHI_STATE": str(tmp_path)}
    started = [sys.executable, "-m", "thucthi", "analyse"]
    done = subprocess.run(started, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Xin cho biết thư mục của kỳ cần phân tích: thucthi analyse THƯ-MỤC" in done.stderr


@pytest.mark.parametrize(("engine", "extra"), [("duckdb", "analysis"), ("spark", "analysis-spark")])
def test_without_the_library_it_says_what_to_install(engine: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(cli.Trouble, match=rf"pip install 'thucthi\[{extra}\]'"):
        cli._require_engine(engine)
