"""Differences between documents, worded for the reader."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents
from thucthi.indicators.calculations.drift import Difference, Gap, Promise, Said, Tie, drifts
from thucthi.indicators.calculations.sheet import declared_same
from thucthi.indicators.models import Target
from thucthi.indicators.selectors.series import bound_of
from thucthi.indicators.selectors.words import amount_words, bound_words, gap_words, scope_words
from thucthi.kernel.values import Bound, Direction

LONGEST_QUOTATION = 280


@dataclass(frozen=True, slots=True)
class DriftRow:
    """Two targets with their citations and what differs, in words. `is_suggestion`: only the names are alike."""

    tie: str
    is_suggestion: bool
    one: Target
    other: Target
    one_words: str
    other_words: str
    one_quoted: str
    other_quoted: str
    differences: list[str]


def drift_rows(viewer: Viewer, document: str = "") -> list[DriftRow]:
    """Every difference between two documents that the viewer may know of; with a slug those of that document."""
    texts = {row.pk: row for row in visible_documents(viewer).filter(targets__isnull=False).distinct()}
    related = ("indicator", "clause", "organisation")
    targets = Target.objects.filter(document__in=texts).select_related(*related)
    by_code = {
        target.code: target for target in targets.order_by("document__issued_on", "document", "clause__start", "code")
    }
    promises = [_promise(target, texts[target.document_id]) for target in by_code.values()]
    found = [row for row in drifts(promises) if not document or document in {row.one.document, row.other.document}]
    for target in by_code.values():
        target.document = texts[target.document_id]
    return [
        DriftRow(
            tie=_tie_word(row.tie),
            is_suggestion=row.tie is Tie.ALIKE,
            one=by_code[row.one.code],
            other=by_code[row.other.code],
            one_words=bound_words(row.one.bound),
            other_words=bound_words(row.other.bound),
            one_quoted=row.one.words,
            other_quoted=row.other.words,
            differences=[sentence(difference) for difference in row.differences],
        )
        for row in found
    ]


def sentence(difference: Difference) -> str:
    """A difference as a sentence in the reader's language."""
    return _(difference.text) % {name: _worded(part) for name, part in difference.given.items()}


def _worded(part: Said) -> str:
    if isinstance(part, Bound):
        return bound_words(part)
    if isinstance(part, Gap):
        return gap_words(part.amount, part.unit)
    if isinstance(part, Decimal):
        return amount_words(part)
    return part or _("cả nước")


def _promise(target: Target, document: Document) -> Promise:
    clause, indicator = target.clause, target.indicator
    return Promise(
        code=target.code,
        indicator=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        direction=Direction(indicator.direction),
        bound=bound_of(target),
        year=target.year,
        scope=scope_words(target) if target.each_unit or target.organisation_id else "",
        document=document.slug,
        place=clause.path if clause else "",
        words=_quoted(document.text[clause.start : clause.end]) if clause else target.source,
        declared=declared_same(indicator.metadata),
    )


def _quoted(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_QUOTATION else f"{plain[:LONGEST_QUOTATION]}…"


def _tie_word(tie: Tie) -> str:
    return {
        Tie.SAME: _("Cùng một chỉ tiêu"),
        Tie.DECLARED: _("Đã khai là cùng một chỉ tiêu"),
        Tie.ALIKE: _("Tên gần giống: cần người xem"),
    }[tie]
