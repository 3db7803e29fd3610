"""The same content has the same bytes, and nothing ambiguous is written at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal as D
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.canonical import canonical_json, content_hash, sha256_hex


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@dataclass(frozen=True)
class Point:
    y: D
    x: date | None


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.dates(),
)
contents = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def test_exact_bytes() -> None:
    content = {
        "b": [True, None, 3, (Level.HIGH, Colour.RED)],
        "a": Point(y=D("1.50"), x=date(2026, 11, 23)),
        "đ": "Đà Nẵng",
        "u": UUID("12345678-1234-5678-1234-567812345678"),
        "t": datetime(2026, 11, 23, 7, 30, tzinfo=timezone(timedelta(hours=7))),
    }
    assert (
        canonical_json(content)
        == (
            '{"a":{"x":"2026-11-23","y":"1.5"},"b":[true,null,3,[3,"red"]],"t":"2026-11-23T00:30:00+00:00",'
            '"u":"12345678-1234-5678-1234-567812345678","đ":"Đà Nẵng"}'
        ).encode()
    )


def test_known_hash() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content_hash({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (D("100.000000"), b'"100"'),
        (D("1E+2"), b'"100"'),
        (D("-0.0"), b'"0"'),
        (D("-0.10"), b'"-0.1"'),
        (D("12345678901234567890123456789012345.5"), b'"12345678901234567890123456789012345.5"'),
    ],
)
def test_one_text_for_one_decimal(amount: D, text: bytes) -> None:
    assert canonical_json(amount) == text


def test_the_same_moment_in_two_zones_is_one_content() -> None:
    hanoi = timezone(timedelta(hours=7))
    assert canonical_json(datetime(2026, 1, 1, 7, tzinfo=hanoi)) == canonical_json(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "content", [1.0, {"a": [0.5]}, b"x", {1, 2}, object(), Point, {1: "a"}, {Colour.RED: 1}, {"a": {None: 1}}]
)
def test_what_has_no_single_text_is_refused(content: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(content)


@pytest.mark.parametrize("content", [D("NaN"), D("Infinity"), datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_means_no_single_thing_is_refused(content: object) -> None:
    with pytest.raises(ValueError, match="canonical form"):
        canonical_json(content)


@given(st.dictionaries(st.text(), contents))
def test_the_order_of_keys_does_not_matter(content: dict[str, object]) -> None:
    backwards = dict(reversed(content.items()))
    assert canonical_json(backwards) == canonical_json(content)
    assert content_hash(backwards) == content_hash(content)


@given(contents, contents)
def test_different_contents_have_different_hashes(first: object, second: object) -> None:
    assert (content_hash(first) == content_hash(second)) == (canonical_json(first) == canonical_json(second))
