"""The sample pages, rendered once."""

import pytest
from bs4 import BeautifulSoup

from tests.frontend import gallery


@pytest.fixture(scope="session")
def rendered() -> dict[str, str]:
    """File name → HTML of every sample page."""
    templates = gallery.environment()
    return {name: templates.get_template(page.template).render(**page.values) for name, page in gallery.pages().items()}


@pytest.fixture(scope="session")
def parsed(rendered: dict[str, str]) -> dict[str, BeautifulSoup]:
    return {name: BeautifulSoup(text, "html.parser") for name, text in rendered.items()}
