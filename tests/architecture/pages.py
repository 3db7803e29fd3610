"""What must not be in any page that we send to a browser."""

import re
from urllib.parse import urlparse

from bs4 import BeautifulSoup

HARMLESS_SCRIPT_TYPES = {"application/json", "application/ld+json"}
LINK_TAGS_THAT_LOAD = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "form": "action",
}


def faults_of_page(html: str) -> list[str]:
    """Inline style, inline script, event handlers, things loaded from elsewhere, a page without its frame."""
    soup = BeautifulSoup(html, "html.parser")
    found = [f"inline style on <{tag.name}>" for tag in soup.find_all(style=True)]
    found += ["inline <style>" for _ in soup.find_all("style")]
    found += [
        "inline <script>"
        for tag in soup.find_all("script")
        if not tag.get("src") and tag.get("type") not in HARMLESS_SCRIPT_TYPES
    ]
    for tag in soup.find_all(True):
        found += [f"handler {name} on <{tag.name}>" for name in tag.attrs if re.match(r"on[a-z]+$", name)]
        source = tag.get(LINK_TAGS_THAT_LOAD.get(tag.name, ""))
        if source and urlparse(str(source)).netloc:
            found.append(f"<{tag.name}> loads from {urlparse(str(source)).netloc}")
    found += faults_of_frame(soup)
    return found


def faults_of_frame(soup: BeautifulSoup) -> list[str]:
    found = []
    if not soup.html or soup.html.get("lang") not in {"vi", "en"}:
        found.append("no language on <html>")
    if len(soup.find_all("h1")) != 1:
        found.append(f"{len(soup.find_all('h1'))} headings of the first level")
    if not soup.title or not soup.title.get_text(strip=True):
        found.append("no title")
    found += [
        f"two elements share the id {name}" for name in _repeated([str(tag["id"]) for tag in soup.find_all(id=True)])
    ]
    return found


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
