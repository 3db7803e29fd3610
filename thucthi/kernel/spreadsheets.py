"""What a spreadsheet would run instead of showing; one answer for every table that leaves the house."""

import unicodedata

# A spreadsheet takes a cell that begins so for a formula; also written wide or small, as Asian keyboards do.
FORMULA_STARTS = frozenset(
    "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207c\u207a\u207b\u208c\u208a\u208b"
)
# Some readers throw these away before they look at the first character.
PASSED_OVER = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def may_run(text: str) -> bool:
    """Whether a spreadsheet could run the text: by its first character, or by the first one that is not blank."""
    if text[:1] in {"\t", "\r", "\n", "\0"}:
        return True
    for character in text:
        if character in FORMULA_STARTS:
            return True
        if unicodedata.category(character) not in PASSED_OVER:
            return False
    return False
