"""An issue that was corrected by the real actions: its old pages, which nobody edits, say so to whoever opens them."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import _free_port, _wait_for
from tests.database import Demonstration, another_database, environment_of
from tests.monitoring.world import AS_OF, make_world
from tests.publication.test_versions import publisher, second_version
from thucthi.config.supervisor import LocalPostgres
from thucthi.config.supervisor.running import web_command
from thucthi.directory.access import SYSTEM
from thucthi.publication.actions import announce_correction, prepare_snapshot, publish_snapshot

WRONG = "Bỏ sót một báo cáo: nhiệm vụ nv-sap-den đã báo cáo 5 %."
BANNER = "#da-dinh-chinh"


def _published_and_corrected() -> None:
    """The issue of October, that of the week, and the second version of that one."""
    world = make_world()
    monthly, weekly = (
        prepare_snapshot(by=SYSTEM, kind=kind, as_of=as_of)
        for kind, as_of in (("monthly", date(2026, 10, 31)), ("weekly", AS_OF))
    )
    for snapshot in (monthly, weekly):
        publish_snapshot(snapshot, by=publisher(world))
    # Announced first: what was prepared before has no notice in it.
    announce_correction(weekly, by=publisher(world), text=WRONG, on=AS_OF)
    publish_snapshot(second_version(world, weekly), by=publisher(world))
    # Those of this thread, which nobody else would close.
    connections.close_all()


@pytest.fixture
def address(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path
) -> Iterator[str]:
    """Of a server that has the three issues."""
    found = f"http://127.0.0.1:{_free_port()}"
    settings.SITE_URL = found
    command = web_command("127.0.0.1", int(found.rpartition(":")[2]))
    # The browser keeps an event loop in this thread, in which Django neither asks a database nor leaves one.
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as apart:
        corrected = another_database(postgres, "corrected")
        url = apart.submit(corrected.__enter__).result()
        apart.submit(_published_and_corrected).result()
        server = subprocess.Popen(command, env=environment_of(Demonstration(url, tmp_path)))
        try:
            _wait_for(f"{found}/", server)
            yield found
        finally:
            server.terminate()
            server.wait(timeout=20)
            apart.submit(corrected.__exit__, None, None, None).result()


def test_the_old_pages_of_a_corrected_issue_say_so(chromium: Browser, address: str) -> None:
    context = chromium.new_context(locale="vi-VN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    old = f"{address}/ky-cong-bo/2026-W47"
    for name in ("en/nhiem-vu/nv-sap-den/index.html", "nhiem-vu/nv-sap-den/index.html", "index.html"):
        page.goto(f"{old}/{name}")
        expect(page.locator(BANNER)).to_be_visible()
        expect(page.locator(BANNER)).to_contain_text(WRONG)
    page.locator(BANNER).get_by_role("link").click()
    expect(page).to_have_url(f"{address}/ky-cong-bo/2026-W47-v2/index.html")
    _says_that_it_corrects(page)
    page.goto(f"{address}/")
    _says_that_it_corrects(page)
    page.goto(f"{address}/ky-cong-bo/2026-10/index.html")
    page.wait_for_load_state("networkidle")
    expect(page.locator(BANNER)).to_be_hidden()
    assert complaints == []
    context.close()


def _says_that_it_corrects(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    expect(page.locator(BANNER)).to_be_hidden()
    expect(page.get_by_role("main")).to_contain_text("Bản 2, sửa bản đã phát hành trước đó.")


def test_without_a_script_the_page_of_corrections_names_it(chromium: Browser, address: str) -> None:
    context = chromium.new_context(locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/ky-cong-bo/2026-W47/nhiem-vu/nv-sap-den/index.html")
    expect(page.locator(BANNER)).to_be_hidden()
    page.get_by_role("contentinfo").get_by_role("link", name="Đính chính", exact=True).click()
    expect(page.get_by_role("main")).not_to_contain_text(WRONG)
    page.get_by_role("link", name="Danh sách đính chính của kỳ mới nhất").click()
    expect(page).to_have_url(f"{address}/dinh-chinh/")
    row = page.get_by_role("row").filter(has_text=WRONG)
    expect(row).to_have_count(1)
    row.get_by_role("link").click()
    expect(page).to_have_url(f"{address}/ky-cong-bo/2026-W47/index.html")
    context.close()
