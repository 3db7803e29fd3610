"""Words that carry no content of their own when two tasks are compared; TOML, for a person to read and correct."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> tuple[str, ...]:
    """One list of `masking.toml`. Raises KeyError for an unknown name."""
    text = files(__package__).joinpath("masking.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)[name])
