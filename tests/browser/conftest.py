"""A real browser on a real server: granian with the demonstration, Chromium without a window."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.database import Demonstration, copy_of_the_migrated, environment_of
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.running import web_command

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = CHROMIUM is None
    for item in items:
        if "tests/browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
            if missing and os.environ.get("THUCTHI_BROWSER") != "required":
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@dataclass
class Site:
    """A running server on a copy of the demonstration that a test may change."""

    address: str
    environment: dict[str, str]

    def run(self, *arguments: str) -> str:
        """One command of ours against the same database and files; returns what it printed."""
        command = [sys.executable, "-m", "django", *arguments]
        done = subprocess.run(command, env=self.environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")


@pytest.fixture(scope="package")
def site(
    demonstration: Demonstration, postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    state = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(demonstration.state, state, symlinks=True)
    copy_of_the_migrated(postgres, "site", template="demonstration")
    environment = environment_of(Demonstration(postgres.url("app", "site"), state))
    made = Site(f"http://127.0.0.1:{_free_port()}", environment)
    made.run("collectstatic", "--noinput", "--verbosity", "0")
    command = web_command("127.0.0.1", int(made.address.rpartition(":")[2]))
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(made.address, server)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    assert CHROMIUM, "THUCTHI_BROWSER=required, and there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a screen. `complaints` gathers what the console said: violations, errors."""

    context: BrowserContext
    page: Page
    scripts: bool
    complaints: list[str] = field(default_factory=list)

    def listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """`visit(width=…, scripts=…)` opens a fresh context; closed at the end."""
    opened: list[BrowserContext] = []

    def start(*, viewport: dict[str, int] = DESK, scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            base_url=site.address,
            viewport=viewport,
            java_script_enabled=scripts,
            locale="vi-VN",  # type: ignore[arg-type]
        )
        opened.append(context)
        visitor = Visitor(context, context.new_page(), scripts)
        visitor.page.on("console", visitor.listen)
        visitor.page.set_default_timeout(15_000)
        return visitor

    yield start
    for context in opened:
        context.close()
