"""A short code for each sentence that a machine may get: the name of the sentence in our source, in small letters."""

from types import ModuleType

from thucthi.indicators.calculations import answers, cells, reading, said_periods

OTHER = "refused"


def _sentences(module: ModuleType) -> dict[str, str]:
    return {text: name.lower() for name, text in vars(module).items() if name.isupper() and isinstance(text, str)}


CODES: dict[str, str] = {}
for _module in (cells, said_periods, answers, reading):
    CODES |= _sentences(_module)


def code_of(sentence: str) -> str:
    """For instance `unknown_indicator`; "refused" for a sentence without a name."""
    return CODES.get(sentence, OTHER)
