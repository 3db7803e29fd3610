"""Divides a sentence among its figures: what stands left and right of each, up to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import Operator
from thucthi.intake.reading.targets.leads import Lead, lead_before, operator_after
from thucthi.intake.reading.targets.matching import any_of
from thucthi.intake.reading.targets.quantities import Quantity

_WORDS = rules("target_words")
_HARD = re.compile(r";|\(\d{1,2}\)(?=\s)|,?\s*trong đó\b|:(?=\s)")
_STOP = re.compile(r";|\(\d{1,2}\)(?=\s)|,?\s*trong đó\b")
_NEVER = re.compile(r",\s+(?=(?:và )?không (?:có|để|còn)\b)")
_SOFT = re.compile(r",(?=\s)|(?<=\s)(?:và|hoặc|cùng với)(?=\s)")
_COMMA_BEFORE_INDICATOR = re.compile(
    r"(?:,|\bvà)\s+(?=" + any_of(_WORDS["contexts"]["indicator_words"] + ["số", "mức", "tổng"]) + ")"
)
_OPENING = any_of(
    [
        *_WORDS["verbs"]["making"],
        *_WORDS["verbs"]["weak"],
        *_WORDS["contexts"]["aspiration"],
        *_WORDS["verbs"]["fillers"],
    ]
)
_ONLY_OPENING = re.compile(rf"[\s,:\-–+*•]*(?:{_OPENING}[\s,]*)*")
_TURNED = re.compile(r"\s*(?:\([^()]*\))?\s*(?:(?:vào |của )?(?:năm|tháng) [\d/ ]+)?\s*(?:lên|xuống|còn|thành)\b")
_PREDICATE = re.compile(any_of(_WORDS["verbs"]["predicates"]))
_NEAR = 20
_FROM = re.compile(r"\b(?:từ|từ mức|so với|so với mức)\s*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """One figure with its surroundings; `start` to `lead.start` is its left, `after` to `end` its right.

    `is_joined` when a comma or "và" stands right before it, `is_short_joined` when no stronger sign parts it from the
    figure before.
    """

    quantity: Quantity
    lead: Lead
    start: int
    after: int
    end: int
    operator_after: Operator | None
    is_joined: bool = False
    is_short_joined: bool = False

    @property
    def operator(self) -> Operator | None:
        return self.operator_after or self.lead.operator


def pieces(small: str, found: Sequence[Quantity], head: int) -> list[Piece]:
    """In order; figures that only say what they changed from, or that belong to the name of something, are left out."""
    made: list[Piece] = []
    for place, quantity in enumerate(found):
        if _is_baseline(small, quantity, found[place + 1 : place + 2]):
            continue
        _add(small, made, quantity, head)
    return [_closed(small, piece, made[place + 1 :]) for place, piece in enumerate(made)]


def is_only_opening(small: str, start: int, end: int) -> bool:
    """Whether nothing but verbs of making, aims and fillers stands there."""
    return bool(_ONLY_OPENING.fullmatch(small, start, end))


def _add(small: str, made: list[Piece], quantity: Quantity, head: int) -> None:
    last = made[-1] if made else None
    floor = last.after if last else head
    lead = lead_before(small, floor, quantity.start)
    sign, after = operator_after(small, quantity.end)
    start, is_joined = (_first_start(small, head, lead), False) if last is None else _border(small, last, lead)
    if start is None and last is not None:
        if _is_named_by(small, last, lead):
            made.pop()
            start = last.start
        else:
            return
    is_short = last is not None and not _STOP.search(small, last.after, lead.start)
    made.append(Piece(quantity, lead, start or 0, after, len(small), sign, is_joined, is_short))


def _first_start(small: str, head: int, lead: Lead) -> int:
    return next((match.end() for match in reversed(list(_STOP.finditer(small, head, lead.start)))), head)


def _border(small: str, last: Piece, lead: Lead) -> tuple[int | None, bool]:
    """Where the surroundings of the next figure begin; None when nothing parts it from the last one."""
    begin, end = last.after, lead.start
    if hard := list(_HARD.finditer(small, begin, end)):
        return hard[-1].end(), False
    if soft := list(_SOFT.finditer(small, begin, end + 1)):
        return _soft_border(small, last, (begin, end), [match.end() for match in soft])
    return None, False


def _soft_border(small: str, last: Piece, gap: tuple[int, int], ends: list[int]) -> tuple[int | None, bool]:
    if is_only_opening(small, ends[-1], gap[1]):
        return ends[-1], True
    if indicator := _COMMA_BEFORE_INDICATOR.search(small, *gap):
        return indicator.end(), False
    if never := _NEVER.search(small, *gap):
        return never.end(), True
    if _is_group_unfinished(small, last, ends[-1]):
        return None, False
    if last.lead.is_firm and not is_only_opening(small, last.start, last.lead.start):
        return ends[0], False
    return ends[-1], False


def _is_group_unfinished(small: str, last: Piece, comma: int) -> bool:
    """ "100% khu A, khu B có tối thiểu 1 trạm": of the group at the head nothing is said before the comma."""
    is_head = last.quantity.is_share and is_only_opening(small, last.start, last.lead.start)
    return is_head and not _PREDICATE.search(small, last.after, comma)


def _is_named_by(small: str, last: Piece, lead: Lead) -> bool:
    """ "Doanh nghiệp có 10 lao động trở lên đạt 80%": the first figure belongs to the name of what is measured."""
    if last.quantity.is_share or is_only_opening(small, last.start, last.lead.start):
        return False
    return lead.is_firm and not last.lead.is_firm


def _is_baseline(small: str, quantity: Quantity, following: Sequence[Quantity]) -> bool:
    if not _FROM.search(small, max(0, quantity.start - _NEAR), quantity.start):
        return False
    return bool(following and _TURNED.match(small, quantity.end))


def _closed(small: str, piece: Piece, later: Sequence[Piece]) -> Piece:
    stop = later[0].start if later else len(small)
    hard = _HARD.search(small, piece.after, stop)
    end = hard.start() if hard else stop
    return replace(piece, end=end)
