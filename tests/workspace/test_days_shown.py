"""A day is shown as it was where the site is: at five in the morning of Hà Nội it is still yesterday in UTC."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from thucthi.config.templating import day, moment
from thucthi.intake.forms import FileForm

NIGHT = datetime(2026, 12, 1, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (NIGHT, "02/12/2026"),
        (datetime(2026, 12, 1, 16, 59, 59, tzinfo=UTC), "01/12/2026"),
        (date(2026, 12, 1), "01/12/2026"),
        (None, "–"),
    ],
)
def test_the_day_of_a_moment_is_that_of_the_site(value: Any, shown: str) -> None:
    assert day(value) == shown


def test_day_and_moment_never_differ() -> None:
    assert moment(NIGHT) == f"00:05 {day(NIGHT)}"


def test_a_file_sent_in_the_night_is_offered_under_its_day() -> None:
    earlier = SimpleNamespace(pk=7, file_name="kế hoạch.docx", recorded_at=NIGHT)
    form = FileForm(earlier=[earlier])  # type: ignore[list-item]
    assert [text for pk, text in form.fields["replaces"].choices if pk == "7"] == ["kế hoạch.docx (02/12/2026)"]  # type: ignore[attr-defined]
