"""Contrast of the colours as served (WCAG 2.2: text 4.5:1, shapes and borders of controls 3:1)."""

import re

import pytest

from tests.frontend.gallery import TONES
from tests.frontend.test_assets import ASSETS

CSS = (ASSETS / "app.css").read_text(encoding="utf-8")
WHITE = "#ffffff"


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = (_channel(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


DARK = "#12181e"


def tone(name: str, scheme: str = "light") -> dict[str, str]:
    """The three colours of a tone: "" is text and shape, "-ground" the pale ground, "-line" the line."""
    dark, light = re.findall(rf"\.tt-tone-{name}\{{(--tone:[^}}]*)\}}", CSS)
    rule = dark if scheme == "dark" else light
    return {
        part.split(":")[0].strip().removeprefix("--tone"): part.split(":")[1].strip()
        for part in rule.split(";")
        if part
    }


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("name", TONES)
def test_words_are_readable_on_white_and_on_their_own_ground(name: str) -> None:
    colours = tone(name)
    assert contrast(colours[""], WHITE) >= 4.5
    assert contrast(colours[""], colours["-ground"]) >= 4.5
    assert contrast("#17212b", colours["-ground"]) >= 4.5
    assert contrast("#4b5864", colours["-ground"]) >= 4.5


@pytest.mark.parametrize("name", TONES)
def test_words_are_readable_in_the_dark_too(name: str) -> None:
    colours = tone(name, "dark")
    assert contrast(colours[""], DARK) >= 4.5
    assert contrast(colours[""], colours["-ground"]) >= 4.5
    assert contrast("#e6ebf0", colours["-ground"]) >= 4.5
    assert contrast("#aab6c1", colours["-ground"]) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("#e6ebf0", DARK, 4.5),  # text
        ("#aab6c1", "#1c252e", 4.5),  # quiet text on the wash
        ("#8cc4f5", "#1c252e", 4.5),  # links
        ("#ffffff", "#0b2a42", 4.5),  # header
        ("#ffffff", "#081e30", 4.5),  # navigation
        ("#ffc978", "#3a2a10", 4.5),  # banner of simulated figures
        ("#8795a3", DARK, 3.0),  # border of controls
        ("#8fc1ea", DARK, 3.0),  # line of a chart
        ("#c5e0f7", DARK, 3.0),  # focus on the page
    ],
)
def test_colours_of_the_dark_frame(text: str, ground: str, least: float) -> None:
    assert all(colour in CSS or (colour == WHITE and "#fff" in CSS) for colour in (text, ground))
    assert contrast(text, ground) >= least


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("#17212b", "#ffffff", 4.5),  # text
        ("#4b5864", "#f4f6f8", 4.5),  # quiet text on the wash
        ("#0b5394", "#f4f6f8", 4.5),  # links
        ("#ffffff", "#0f3d5e", 4.5),  # header, main button
        ("#ffffff", "#0a2c45", 4.5),  # navigation
        ("#6d3a00", "#fff1d9", 4.5),  # banner of simulated figures
        ("#6f7d8a", "#ffffff", 3.0),  # border of controls
        ("#e3aa2b", "#0a2c45", 3.0),  # mark of the current section
        ("#ffcf33", "#0f3d5e", 3.0),  # focus on the header
        ("#0a2c45", "#ffffff", 3.0),  # focus on the page
    ],
)
def test_colours_of_the_frame(text: str, ground: str, least: float) -> None:
    for colour in (text, ground):
        assert colour in CSS or (colour == WHITE and "#fff" in CSS)
    assert contrast(text, ground) >= least
