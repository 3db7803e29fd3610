"""The hash of a delivery is that of its rows as one list, however many there are."""

from datetime import date

import pytest

from tests.indicators.entry.places import Place, make_place
from thucthi.indicators.actions import observations
from thucthi.indicators.calculations.reading import RawRow, read_rows
from thucthi.indicators.forms.observations import observations_of
from thucthi.indicators.selectors.entry import known_to
from thucthi.indicators.selectors.stated import plain_observation
from thucthi.kernel.canonical import content_hash


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_hashed_as_one_list(db: None, count: int) -> None:
    place: Place = make_place()
    raws = [RawRow(n, "ty-le", "ubnd-an-binh", f"{n}/2025", f"{n},5") for n in range(1, count + 1)]
    good = read_rows(raws, known_to(place.reporter)).good
    rows = observations_of(good, available_on=date(2026, 1, 1))
    assert len(rows) == count
    assert observations._hash_of(rows) == content_hash([plain_observation(row) for row in rows])
