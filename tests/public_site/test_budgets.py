"""The budgets of public pages fail the build: bytes and requests of a first view, nothing from a third party."""

import os
from collections.abc import Callable

import pytest

from tests.database import Demonstration
from tests.public_site.budgets import over_budget
from tests.public_site.issue import Files


def faults(files: Files) -> dict[str, list[str]]:
    pages = [name for name in files if name.endswith(".html") and "ky-cong-bo/" not in name]
    return {name: found for name in pages if (found := list(over_budget(files, name)))}


def test_every_page_of_the_small_issue_keeps_its_budgets(site: Files) -> None:
    assert faults(site) == {}


@pytest.mark.thorough
def test_every_page_of_the_demonstration_keeps_its_budgets(demonstration: Demonstration) -> None:
    newest = (demonstration.state / "published" / "latest").resolve()
    # The link back to all issues is not followed.
    files = {
        path.relative_to(newest).as_posix(): path.read_bytes()
        for path in newest.rglob("*")
        if path.is_file() and path.suffix in {".html", ".css", ".js", ".woff2", ".svg"}
    }
    assert len(files) > 500
    assert faults(files) == {}


def _with(html: str) -> Callable[[Files], Files]:
    return lambda files: files | {"index.html": files["index.html"].replace(b"</head>", html.encode() + b"</head>")}


def _heavy_styles(files: Files) -> Files:
    return files | {"assets/app.css": files["assets/app.css"] + os.urandom(14_000).hex().encode()}


def _heavy_font(files: Files) -> Files:
    return files | {"assets/fonts/be-vietnam-pro-400.woff2": bytes(50_000)}


def _heavy_page(files: Files) -> Files:
    return files | {"index.html": files["index.html"] + os.urandom(30_000).hex().encode()}


def _heavy_script(files: Files) -> Files:
    return _with('<script src="a.js"></script>')(files) | {"a.js": os.urandom(30_000)}


def _many_requests(files: Files) -> Files:
    extra = {f"{number}.css": b"p{}" for number in range(5)}
    return _with("".join(f'<link rel="stylesheet" href="{name}">' for name in extra))(files) | extra


def _heavy_picture(files: Files) -> Files:
    return _with('<img src="a.png">')(files) | {"a.png": os.urandom(120_000)}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_heavy_page, "HTML: "),
        (_heavy_styles, "styles: "),
        (_heavy_script, "scripts: "),
        (_heavy_font, "fonts: "),
        (_heavy_picture, "first view: "),
        (_many_requests, "requests: "),
        (_with('<script src="https://elsewhere.example/a.js"></script>'), "loads https://elsewhere.example/a.js"),
        (_with('<link rel="preload" href="//elsewhere.example/a.woff2">'), "loads //elsewhere.example/a.woff2"),
    ],
)
def test_a_planted_fault_is_found(site: Files, fault: Callable[[Files], Files], said: str) -> None:
    assert any(each.startswith(said) for each in over_budget(fault(site), "index.html"))
