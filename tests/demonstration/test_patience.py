"""A slow machine thinks for minutes between two statements of a load; the limits of a request would end it half-way."""

import pytest
from django.db import connection, transaction

from thucthi.demonstration import loading

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(name) FROM unnest(%s::text[]) WITH ORDINALITY t(name, n) ORDER BY n", [[*LIMITS]]
        )
        return [value for (value,) in cursor.fetchall()]


def test_the_database_waits_for_the_whole_load_and_for_nothing_else(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []

    def first_step() -> None:
        seen.append(limits())
        raise RuntimeError("far enough")

    monkeypatch.setattr(loading, "load_organisations", first_step)
    with pytest.raises(RuntimeError, match="far enough"), transaction.atomic():
        loading.load_all(say=lambda vietnamese, english: None)
    assert seen == [["0", "0"]]
    assert limits() == ["15min", "15min"]
