"""Targets as their pages show them: what stands, its path year by year, and every change ever decided."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents.models import Document
from thucthi.documents.selectors import document_for, visible_documents, words_of
from thucthi.indicators.calculations.lowering import Lowering, Terms, lowerings
from thucthi.indicators.calculations.paths import expected_on, year_ends
from thucthi.indicators.models import Target, TargetChange, TargetPath
from thucthi.indicators.selectors.targets import is_norm, kept_terms, path_of, terms_of
from thucthi.indicators.selectors.words import amount_words, bound_words, scope_words
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.values import Bound, Direction, Operator


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target in a list."""

    target: Target
    bound: str
    scope: str
    changes: int


@dataclass(frozen=True, slots=True)
class TargetsPage:
    document: Document
    rows: list[TargetRow]
    core: list[str]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One decision: `parts` are (what, old, new); `lowered` says in which ways less is asked for."""

    change: TargetChange
    parts: list[tuple[str, str, str]]
    lowered: list[str]


@dataclass(frozen=True, slots=True)
class TargetPage:
    """`years` is the path year by year: (day, amount in words); `expected` is what it expects on `today`."""

    target: Target
    bound: str
    scope: str
    path: str
    baseline: str
    words: str
    today: date
    expected: str
    years: list[tuple[date, str]]
    points: list[tuple[str, float]]
    changes: list[ChangeRow]
    is_norm: bool

    @property
    def seen(self) -> int:
        """The newest change on the page, 0 for none."""
        return self.changes[0].change.pk if self.changes else 0


def target_for(viewer: Viewer, code: str) -> Target:
    """Raises NotVisible for an unknown code and for a target of a document that the viewer may not know of."""
    related = ("indicator", "document", "clause__document", "goal", "organisation")
    found = Target.objects.filter(code=code, document__in=visible_documents(viewer)).select_related(*related).first()
    if found is None:
        raise NotVisible(_("Không tìm thấy chỉ tiêu này của văn bản."))
    return found


def documents_with_targets(viewer: Viewer) -> QuerySet[Document]:
    """The documents that the viewer may know of, with how many targets and core indicators they have."""
    counted = visible_documents(viewer).annotate(
        promised=Count("targets", distinct=True), chosen=Count("core_indicators", distinct=True)
    )
    return counted.filter(promised__gt=0)


def targets_page(viewer: Viewer, slug: str) -> TargetsPage:
    """All targets of one document in the order of its text."""
    document = document_for(viewer, slug)
    related = ("indicator", "clause", "organisation")
    targets = document.targets.select_related(*related).annotate(changed=Count("changes"))
    rows = [
        TargetRow(target, terms_words(terms_of(target), target), scope_words(target), target.changed)
        for target in targets.order_by("clause__start", "year", "code")
    ]
    core = document.core_indicators.select_related("indicator").order_by("position")
    return TargetsPage(document, rows, [chosen.indicator.name for chosen in core])


def target_page(viewer: Viewer, code: str, today: date) -> TargetPage:
    target = target_for(viewer, code)
    path, unit = path_of(target), target.indicator.unit
    years = year_ends(path)
    return TargetPage(
        target=target,
        bound=terms_words(terms_of(target), target),
        scope=scope_words(target),
        path=target.get_path_display(),
        baseline=_baseline(terms_of(target), unit),
        words=words_of(target.clause) if target.clause else "",
        today=today,
        expected=amount_words(expected_on(path, today), unit),
        years=[(day, amount_words(amount, unit)) for day, amount in years],
        points=[(f"{day:%Y}", float(amount)) for day, amount in years],
        changes=_changes(target),
        is_norm=is_norm(target),
    )


def terms_words(terms: Terms, target: Target) -> str:
    """Operator and bounds in words; of a qualitative indicator the name of the level."""
    bound = Bound(Operator(terms.operator), terms.low, terms.high, target.indicator.unit, target.indicator.unit_en)
    rubric, level = target.indicator.rubric, terms.low or terms.high
    if rubric and level is not None and level in range(1, len(rubric) + 1):
        return f"{bound_words(bound)}: {rubric[int(level) - 1]}"
    return bound_words(bound)


def _changes(target: Target) -> list[ChangeRow]:
    direction = Direction(target.indicator.direction)
    rows = []
    for change in target.changes.select_related("by").order_by("-pk"):
        old, new = kept_terms(change.old), kept_terms(change.new)
        lowered = [_lowering_word(way) for way in lowerings(old, new, direction)]
        rows.append(ChangeRow(change, _parts(old, new, target), lowered))
    return rows


def _parts(old: Terms, new: Terms, target: Target) -> list[tuple[str, str, str]]:
    unit = target.indicator.unit
    pairs = [
        (_("Mức phải đạt"), terms_words(old, target), terms_words(new, target)),
        (_("Năm phải đạt"), _year(old), _year(new)),
        (_("Mức xuất phát"), _baseline(old, unit), _baseline(new, unit)),
        (_("Lộ trình"), _path(old, unit), _path(new, unit)),
    ]
    return [(what, before, after) for what, before, after in pairs if before != after]


def _year(terms: Terms) -> str:
    return str(terms.year) if terms.year else _("không nêu năm")


def _baseline(terms: Terms, unit: str) -> str:
    if terms.baseline is None:
        return _("chưa ghi")
    amount = amount_words(terms.baseline, unit)
    if terms.baseline_on is None:
        return amount
    return _("%(amount)s (ngày %(day)s)") % {"amount": amount, "day": f"{terms.baseline_on:%d/%m/%Y}"}


def _path(terms: Terms, unit: str) -> str:
    points = "; ".join(f"{day:%d/%m/%Y}: {amount_words(amount, unit)}" for day, amount in terms.path_points)
    word = str(TargetPath(terms.path).label)
    return f"{word} ({points})" if points else word


def _lowering_word(way: Lowering) -> str:
    return {
        Lowering.AMOUNT: _("Hạ mức"),
        Lowering.OPERATOR: _("Nới cách ràng buộc"),
        Lowering.YEAR: _("Lùi năm"),
    }[way]
