"""What the product is for, done by people at a screen: report, accept, freeze, publish, and see it in public."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.conftest import Site, Visitor
from thucthi.demonstration.loading_people import PASSWORD
from thucthi.kernel.working_days import monthly_period, weekly_period

Visit = Callable[..., Visitor]
TASK = {True: "ct-cp-nq57-002", False: "ct-cp-nq57-014"}


def sign_in(visitor: Visitor, username: str) -> Page:
    page = visitor.page
    page.goto("/tai-khoan/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/lam-viec/")
    return page


def look(page: Page) -> None:
    """No violation of WCAG 2.2 AA that a machine can see."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


def report_on(visitor: Visitor, task: str, progress: str, note: str) -> None:
    page = sign_in(visitor, "bao-cao-bkhcn")
    page.click(f"a:has-text('Báo cáo {task}')")
    assert "Báo cáo Tuần" in page.inner_text("h1")
    page.fill("input[name=progress]", progress)
    page.fill("textarea[name=note]", note)
    if visitor.scripts:
        look(page)
    page.click("button:has-text('Gửi duyệt')")
    page.wait_for_load_state()
    assert "Bản nháp" not in page.inner_text("h1")


def accept(visitor: Visitor, task: str) -> None:
    page = sign_in(visitor, "nghiem-thu-cp")
    page.goto("/lam-viec/cho-duyet/")
    if visitor.scripts:
        look(page)
    while not page.locator(f"a:has-text('Duyệt {task}')").count():
        page.click("a[rel=next]")
    page.click(f"a:has-text('Duyệt {task}')")
    if visitor.scripts:
        look(page)
    page.click("button:has-text('Chấp nhận')")
    page.wait_for_load_state()


def publish(visitor: Visitor, site: Site, kind: str) -> None:
    today = timezone.localdate()
    issue = weekly_period(today) if kind == "weekly" else monthly_period(today)
    site.run("prepare_snapshot", kind, "--as-of", today.isoformat())
    page = sign_in(visitor, "cong-bo-2")
    page.goto("/lam-viec/cong-bo/")
    if visitor.scripts:
        look(page)
    page.locator(f"main a:has-text('{issue.key}')").first.click()
    if visitor.scripts:
        look(page)
    page.click("button:has-text('Phát hành')")
    page.wait_for_load_state()


@pytest.mark.parametrize(
    "scripts",
    [pytest.param(True, id="with scripts"), pytest.param(False, id="without scripts", marks=pytest.mark.thorough)],
)
def test_from_report_to_public_page(scripts: bool, site: Site, visit: Visit) -> None:
    task, note = TASK[scripts], f"Đã mở thêm khóa học thứ 61 ({'có' if scripts else 'không'} kịch bản)"
    people = [visit(scripts=scripts) for _ in range(5)]
    reporter, superior, publisher, citizen, next_citizen = people
    citizen.page.goto(f"/nhiem-vu/{task}/")
    assert "93,5" not in citizen.page.inner_text("main")

    report_on(reporter, task, "93,5", note)
    accept(superior, task)
    publish(publisher, site, "weekly" if scripts else "monthly")

    next_citizen.page.goto(f"/nhiem-vu/{task}/")
    assert "93,5" in next_citizen.page.inner_text("main")
    assert [person.complaints for person in people] == [[], [], [], [], []]
