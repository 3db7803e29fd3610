"""Tasks that commit nobody to anything in particular (demands D5, D7): shown to the authors, never a verdict."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from thucthi.programmes.calculations import words

# One of these alone is common in good programmes; together they leave nothing to hold anyone to.
ENOUGH_REASONS = 2
_PLACE_OR_DAY = re.compile(
    r"\d{1,2}/\d{4}|\bquý [ivx\d]+|\b(?:xã|phường|đặc khu|huyện|tỉnh|thành phố)\s+[A-ZĐÀ-Ỹ]|\btháng \d"
)


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


NO_MEASURE = N_("Mở đầu bằng động từ chung chung mà không kèm việc hay con số kiểm tra được.")
NOTHING_LOCAL = N_("Không có con số, địa danh hay mốc thời gian nào của riêng cơ quan.")
NO_PRODUCT = N_("Chưa có sản phẩm.")
NO_OWNER = N_("Chưa có một cơ quan chịu trách nhiệm.")


@dataclass(frozen=True, slots=True)
class Said:
    """A task as its authors wrote it; `lead` is what the draft says, whether or not it is one body."""

    key: int
    text: str
    product: str = ""
    lead: str = ""
    has_indicator: bool = False


@dataclass(frozen=True, slots=True)
class Emptiness:
    """The tasks of a programme that say nothing in particular, each with its reasons."""

    total: int
    reasons: dict[int, tuple[str, ...]]

    @property
    def empty(self) -> tuple[int, ...]:
        return tuple(key for key, found in self.reasons.items() if len(found) >= ENOUGH_REASONS)


def emptiness_of(tasks: Sequence[Said]) -> Emptiness:
    """The share is `len(empty)` of `total`; a programme without tasks has none."""
    return Emptiness(len(tasks), {task.key: found for task in tasks if (found := tuple(reasons_of(task)))})


def reasons_of(task: Said) -> Iterable[str]:
    """What the task leaves open, in the order of their weight."""
    said = words.spoken(task.text)
    verb = words.opens_with(said, words.VAGUE_VERBS)
    is_counted = task.has_indicator or words.names_a_quantity(f"{said} {task.product.lower()}")
    if verb and not is_counted and not words.promises_something_firm(said):
        yield NO_MEASURE
    if not is_counted and not _PLACE_OR_DAY.search(f"{task.text} {task.product}"):
        yield NOTHING_LOCAL
    if not task.product.strip():
        yield NO_PRODUCT
    if not task.lead.strip() or words.names_a_collective(task.lead) or len(words.leads_named_in(task.lead)) > 1:
        yield NO_OWNER
