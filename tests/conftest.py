"""What every test may use."""

from math import inf
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.utils import translation

# Named here so that they take precedence over pytest-django's own.
from tests.apart_at_hand import apart_at_hand
from tests.database import demonstration, django_db_setup, fresh_database, in_demonstration, postgres
from tests.kept_states import kept, kept_states
from tests.sharing import keep_what_it_took, scheduler, took
from tests.thorough import LEFT_OUT, left_in
from tests.trust.bars import BARS, lines, standings, tell_bars
from thucthi.kernel.answers import ANSWERS
from thucthi.ledger.key_files import make_key_file

__all__ = [
    "apart_at_hand", "demonstration", "django_db_setup", "fresh_database", "in_demonstration", "kept", "kept_states",
    "postgres",
]  # fmt: skip


# How long an example takes, or making one, says something of the machine, nothing of the code.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def ledger_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One signing key for all tests; those that change keys bring their own."""
    path = tmp_path_factory.mktemp("keys") / "ledger-key"
    make_key_file(path)
    return path


@pytest.fixture(autouse=True)
def _in_vietnamese() -> None:
    """A page asked for in English leaves its language to the thread, and so to whatever test comes next."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that took long on a busy machine would be told to the next test, or to the next example of this one."""
    ANSWERS.forget()
    monkeypatch.setattr(ANSWERS, "_slow", inf)


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path, ledger_key: Path) -> None:
    """No test writes where another reads: evidence and published issues lie in the test's own directory."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    settings.PUBLISHED_ROOT = tmp_path / "published"
    settings.LEDGER_KEY_FILE = ledger_key
    settings.PUBLISHED_DURABLE = False
    settings.RATES_FILE = tmp_path / "rates"
    settings.TRAFFIC_FILE = tmp_path / "traffic"
    settings.OPERATORS = ()
    settings.STORAGES = {
        "default": {"BACKEND": "thucthi.kernel.kept_files.Directory"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes share the tests, one of them loads the demonstration, and one starts whole systems."""
    return scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser comes last: while it is open an event loop runs in its thread, and the ORM refuses that."""
    items[:] = left_in(config, items)
    items.sort(key=lambda item: "browser" in item.path.parts)
    tell_bars(items)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--trust", action="store_true", help="print the table of the bars of trust; fail where one falls")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process left out, it tells the one that prints."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


def _standings(config: pytest.Config) -> Any:
    told = config.pluginmanager.get_plugin("terminalreporter").stats  # type: ignore[union-attr]
    said = [each for word in ("passed", "failed", "error") for each in told.get(word, [])]
    return standings([each for each in said if isinstance(each, pytest.TestReport)])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.getoption("--trust"):
        terminalreporter.write_sep("=", "trust")
        for line in lines(_standings(config)):
            terminalreporter.write_line(line)
    if waiting := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{waiting} tests of whole systems wait for `make thorough`")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    took(report)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A bar without a test or without its planted fault fails the run of `make trust`, whatever else passed."""
    if hasattr(session.config, "workerinput"):
        return
    keep_what_it_took(session.config)
    if session.config.getoption("--trust"):
        found = _standings(session.config)
        if not all(found[name].stands for name in BARS):
            session.exitstatus = 1
