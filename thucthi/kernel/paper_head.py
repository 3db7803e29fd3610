"""Whose official paper it is; how it looks: kernel/paper_layout.py."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Head:
    """Who issues the paper, under whom ("" for none), as what, where and when."""

    issuer: str
    superior: str
    is_party: bool
    number: str
    place: str
    day: date
