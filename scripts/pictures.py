"""Takes the pictures of the main pages for README and docs: docs/pictures/<page>-<width>.png, small palette PNG.

    python scripts/pictures.py [http://127.0.0.1:8000]

Without an address the demonstration is started in a state of its own and stopped afterwards. Needs Chromium.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
PORT = "8135"
PASSWORD = "thuc-thi-trinh-dien"  # noqa: S105 - of the invented accounts of the demonstration
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MOST_BYTES = 120_000
# Width and height of a phone and of a desk.
SIZES = ((390, 844), (1280, 860))
# How long the demonstration may take to load, in seconds.
PATIENCE = 1800


@dataclass(frozen=True)
class Shot:
    """`follow`: patterns of links, each opened from the page before it; the first link that fits is taken."""

    name: str
    path: str
    follow: tuple[str, ...] = ()
    account: str = ""


SHOTS = (
    Shot("public-home", "/"),
    Shot("public-resolution", "/nghi-quyet/nq57/index.html"),
    Shot("public-card", "/nghi-quyet/nq57/the/index.html"),
    Shot("public-task", "/nghi-quyet/nq57/index.html", (r"nhiem-vu/[^/]*\d[^/]*/index\.html$",)),
    Shot("public-organisation", "/don-vi/bkhcn/index.html"),
    Shot("public-indicator", "/chi-tieu/index.html", (r"chi-tieu/[^/]+/index\.html$",)),
    Shot("public-obstacles", "/diem-nghen/index.html"),
    Shot("public-report", "/ky-cong-bo/2026-10/bao-cao/index.html"),
    Shot("work-home", "/lam-viec/", account="bao-cao-bkhcn"),
    Shot("work-head", "/lam-viec/", account="dung-dau-bkhcn"),
    Shot("work-board", "/lam-viec/diem-nghen/bang/", account="thuong-truc-1"),
    Shot("work-overview", "/lam-viec/tinh-hinh/", account="thuong-truc-1"),
    Shot("work-issue", "/lam-viec/cong-bo/", (r"cong-bo/\d+/$",), account="cong-bo-1"),
)


def main(arguments: list[str]) -> None:
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), "")
    if not chromium:
        sys.exit("✗ Không có Chromium · There is no Chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _running(arguments) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        failed = [f"{shot.name}: {trouble}" for shot in SHOTS if (trouble := _take(browser, address, shot))]
        browser.close()
    if failed:
        sys.exit("✗ " + "\n✗ ".join(failed))


@contextmanager
def _running(arguments: list[str]) -> Iterator[str]:
    if arguments:
        yield arguments[0].rstrip("/")
        return
    address = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as state:
        environment = os.environ | {"THUCTHI_STATE": state, "HOST": "127.0.0.1", "PORT": PORT}
        server = subprocess.Popen([Path(sys.executable).with_name("thucthi"), "run"], cwd=ROOT, env=environment)  # noqa: S603
        try:
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _second in range(PATIENCE):
        if server.poll() is not None:
            sys.exit("✗ Không khởi động được bộ trình diễn · The demonstration did not start")
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(1)
        else:
            return
    sys.exit("✗ Bộ trình diễn chưa trả lời · The demonstration does not answer")


def _take(browser: Browser, address: str, shot: Shot) -> str:
    """Both sizes of one page; says what was in the way, or ""."""
    for width, height in SIZES:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion="reduce"
        )
        page = context.new_page()
        trouble = _open(page, address, shot)
        if trouble:
            context.close()
            return trouble
        page.evaluate("document.fonts.ready")
        content = _small(page.screenshot())
        context.close()
        (FOLDER / f"{shot.name}-{width}.png").write_bytes(content)
        print(f"{shot.name}-{width}.png {len(content):>7,} bytes")
        if len(content) > MOST_BYTES:
            return f"{len(content):,} bytes at {width} px"
    return ""


def _open(page: Page, address: str, shot: Shot) -> str:
    if shot.account:
        page.goto(f"{address}/tai-khoan/login/")
        page.fill("input[name=login]", shot.account)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
    answer = page.goto(address + shot.path)
    for pattern in shot.follow:
        links = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
        found = next((link for link in links if re.search(pattern, link)), None)
        if found is None:
            return f"no link like {pattern} on {page.url}"
        with page.expect_navigation() as navigation:
            page.evaluate("href => { location.href = href }", found)
        answer = navigation.value
    return "" if answer and answer.ok else f"{page.url} does not open"


def _small(content: bytes) -> bytes:
    """As a palette of at most 96 colours."""
    kept = io.BytesIO()
    picture = Image.open(io.BytesIO(content)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
