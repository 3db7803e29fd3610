"""Texts that a careless page would run: typed into every text of an issue and of a programme, none runs anywhere."""

from collections.abc import Callable

import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import Site, Visitor
from tests.browser.test_public_access import ORIGIN, POLICY, one_of_each
from tests.browser.test_the_loop import sign_in
from tests.public_site.conftest import issue
from tests.public_site.issue import Files
from tests.public_site.nasty import poisoned
from tests.trust.bars import bar
from thucthi.public_site.rendering.site import render_site
from thucthi.publication.files import content_type
from thucthi.publication.shapes import IssueData

__all__ = ["issue"]
Measure = Callable[[str, object], None]
_CALL = "window.ran=1"
_ELEMENTS = ("img src=x", "svg", "body", "video src=x", "audio src=x", "iframe", "details open", "input autofocus")
_EVENTS = ("onerror", "onload", "ontoggle", "onfocus")
PAYLOADS = [
    *(f"<{element} {event}={_CALL}>" for element in _ELEMENTS for event in _EVENTS),
    *(f'{end}<img src=x onerror="{_CALL}">' for end in ('"', "'", "`", "</title>", "</textarea>", "</select>", "-->")),
    f"<script>{_CALL}</script>", f"</script><script>{_CALL}</script>", f"<ScRiPt>{_CALL}</sCrIpT>",
    f'<a href="javascript:{_CALL}">bấm</a>', f"javascript:{_CALL}",
    f'<iframe srcdoc="<script>parent.{_CALL}</script>">',
    f'"onmouseover="{_CALL}', f"' autofocus onfocus='{_CALL}", f"{{{{constructor.constructor('{_CALL}')()}}}}",
    f'<meta http-equiv="refresh" content="0;url=javascript:{_CALL}">', f"<base href='javascript:{_CALL}//'>",
    f'<form action="javascript:{_CALL}"><button>gửi</button></form>', f"\u202e<script>{_CALL}</script>",
]  # fmt: skip
MAKE = """
import sys, json
from django.utils import timezone
from datetime import timedelta
from thucthi.directory.models import Organisation
from thucthi.documents.models import Document
from thucthi.programmes.models import Programme, ProgrammeBasis, Task, TaskEvent, TaskEventKind
payloads = {payloads!r}
body = Organisation.objects.get(code="ubnd-01")
if not Programme.objects.filter(code="ct-ky-tu").exists():
    programme = Programme.objects.create(code="ct-ky-tu", organisation=body, title=payloads[0],
        authority_basis=payloads[1], issued_on=timezone.localdate() - timedelta(days=3), issued_as=payloads[2][:60])
    ProgrammeBasis.objects.create(programme=programme, document=Document.objects.filter(security="public").first())
    for number, text in enumerate(payloads):
        task = Task.objects.create(programme=programme, code=f"zz-ky-tu-{{number}}", lead=body, kind="nhiem_vu",
            text=text, product=text, acceptance_criterion=text, deadline_raw=text[:60], people=text, facilities=text,
            is_issued=True, search_text="ky tu la")
        TaskEvent.objects.create(task=task, kind=TaskEventKind.ISSUED, happened_on=timezone.localdate(), reason=text)
"""


def test_there_are_fifty_of_them() -> None:
    assert len(set(PAYLOADS)) >= 50


_RAN_INSIDE = """() => {
    const runs = [window]
    for (let index = 0; index < window.length; index++) runs.push(window[index])
    return runs.some((each) => { try { return each.ran === 1 } catch { return false } })
}"""


def ran(page: Page) -> bool:
    return bool(page.evaluate(_RAN_INSIDE))


@bar("B27")
def test_no_text_of_an_issue_runs(chromium: Browser, issue: tuple[IssueData, Files], record_property: Measure) -> None:
    data, clean = issue
    with translation.override("vi"):
        files = {**clean, **dict(render_site(poisoned(data, PAYLOADS)))}
    context = chromium.new_context()
    said: list[str] = []

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN + "/")
        kind = content_type(name)
        headers = {"Content-Type": kind, "Content-Security-Policy": POLICY}
        route.fulfill(body=files.get(name, b""), headers=headers)

    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    seen = one_of_each(data, clean)
    for name in seen.values():
        page.goto(f"{ORIGIN}/{name}")
        assert not ran(page), name
    context.close()
    assert [text for text in said if "Security" in text] == []
    record_property("measured", f"{len(PAYLOADS)} texts on {len(seen)} public templates, 0 ran")


@bar("B27")
def test_no_text_of_a_programme_runs(site: Site, visit: Callable[..., Visitor], record_property: Measure) -> None:
    site.run("shell", "-c", MAKE.format(payloads=PAYLOADS))
    visitor = visit()
    page = sign_in(visitor, "bao-cao-ubnd-01")
    tasks = [f"/lam-viec/nhiem-vu/zz-ky-tu-{number}/" for number in range(len(PAYLOADS))]
    for path in ("/lam-viec/chuong-trinh/ct-ky-tu/", "/lam-viec/tim-kiem/?q=ky+tu+la", *tasks):
        page.goto(path)
        assert not ran(page), path
    page.goto(tasks[0])
    assert "<img" in page.inner_text("main")
    assert [text for text in visitor.complaints if "Security" in text] == []
    record_property("measured", f"{len(PAYLOADS)} texts on {len(tasks)} pages of tasks, 0 ran")


@bar("B27", planted=True)
def test_a_text_that_is_not_escaped_is_seen(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(f"<p>{PAYLOADS[0]}</p>")
    page.wait_for_function("window.ran === 1")
    assert ran(page)
    page.close()


@pytest.mark.parametrize("text", ["<img src=x>", "bình thường"])
def test_what_is_harmless_is_not_taken_for_a_fault(chromium: Browser, text: str) -> None:
    page = chromium.new_page()
    page.set_content(f"<p>{text}</p>")
    assert not ran(page)
    page.close()
