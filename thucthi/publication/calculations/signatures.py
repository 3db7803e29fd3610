"""What a signature on a paper says and shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """`box`: points from the lower left corner of the first page; `stamp`: a page of HTML, shown within it."""

    field: str
    box: tuple[int, int, int, int]
    holder: str
    reason: str
    field_in_words: str
    stamp: str
    stamp_style: str
