"""Addresses of many reports at once: they take nothing, each person meets the rows of the own organisation."""

from typing import Any


def pages_of_bulk() -> dict[str, dict[str, Any]]:
    names = ("bulk", "bulk_row", "bulk_template", "bulk_file", "confirm_bulk_file")
    return {f"reporting:{name}": {} for name in names}
