"""Rules that are data: lists of words a person can read and correct. Each file is TOML with a note of its source."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules(name: str) -> dict[str, Any]:
    """The contents of `<name>.toml` beside this file. Raises FileNotFoundError for an unknown name."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
