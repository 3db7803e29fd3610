"""What an organisation is found by."""

from thucthi.kernel.vietnamese_text import fold


def searchable(*names: str) -> str:
    """What is searched in: all names, folded, a bar between them so that no match spans two."""
    return " | ".join(dict.fromkeys(fold(name) for name in names if name))
