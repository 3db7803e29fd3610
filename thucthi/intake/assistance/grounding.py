"""Keeps of a model's suggestions only what stands in the text; dates and numbers are read by our own rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from thucthi.intake.reading.shapes import TaskRead
from thucthi.kernel.deadlines import parse_deadline

MARK = "Gợi ý của mô hình ngôn ngữ, chưa ai kiểm tra."
_DROPPED = "Mô hình nêu “%(what)s” nhưng văn bản không có chữ này; đã bỏ."
# Below whatever a rule of ours reads with any trust, so that no bulk acceptance reaches it.
_CONFIDENCE = 0.1


def suggested_tasks(
    suggestions: Iterable[Mapping[str, Any]], *, text: str, start: int, end: int, issued_on: date | None
) -> tuple[TaskRead, ...]:
    """Tasks whose quotation stands word for word in text[start:end]; each carries MARK as its first doubt.

    A body, deadline or product that is not in the quotation's passage is left out and said in the doubts.
    """
    found = []
    for suggestion in suggestions:
        quote = suggestion["quote"].strip()
        at = text.find(quote, start, end) if quote else -1
        if at >= 0:
            found.append(_task(suggestion, quote, at, text[start:end], issued_on))
    return tuple(found)


def _task(suggestion: Mapping[str, Any], quote: str, at: int, passage: str, issued_on: date | None) -> TaskRead:
    doubts = [MARK]

    def kept(words: str | None) -> str | None:
        if words and words.strip() in passage:
            return words.strip()
        if words:
            doubts.append(_DROPPED % {"what": words.strip()})
        return None

    lead = kept(suggestion["lead"])
    coordinators = tuple(name for each in suggestion["coordinators"] if (name := kept(each)))
    return TaskRead(
        text=quote,
        start=at,
        end=at + len(quote),
        lead=(lead,) if lead else (),
        coordinators=coordinators,
        deadline=parse_deadline(kept(suggestion["deadline"]) or "", issued_on=issued_on),
        product=kept(suggestion["product"]),
        confidence=_CONFIDENCE,
        doubts=tuple(doubts),
    )
