"""A target changes only by a decision; what stood before stays readable (P1)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.calculations.lowering import Terms, lowerings
from thucthi.indicators.models import Target, TargetChange
from thucthi.indicators.selectors.target_drafts import faults_of_terms
from thucthi.indicators.selectors.targets import plain_points, plain_terms, terms_of
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.kernel.values import Direction
from thucthi.ledger.actions import record

MOST_LETTERS_OF_DECISION = 300
CHANGEABLE = ("operator", "low", "high", "year", "baseline", "baseline_on", "path", "path_points", "period")


@transaction.atomic
def change_target(
    target: Target,
    *,
    by: Viewer,
    decision: str,
    decided_on: date,
    reason: str,
    new: Terms,
    seen: int | None = None,
) -> TargetChange:
    """Put other terms in force by a decision. Faults are named by field.

    `seen` is the id of the newest change that the person had before their eyes (0: none); when another one has come
    meanwhile, Stale is raised. Without it the newest is taken for seen.
    """
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được ghi thay đổi chỉ tiêu của văn bản."))
    standing = Target.objects.select_for_update(of=("self",)).select_related("indicator").get(pk=target.pk)
    _refuse_if_stale(standing, seen, new)
    old = terms_of(standing)
    levels = len(standing.indicator.rubric)
    faults = [*_faults_of_decision(decision, decided_on, reason), *faults_of_terms(new, levels=levels)]
    if plain_terms(old) == plain_terms(new):
        faults.append(Fault("", _("Quyết định chưa thay đổi gì so với chỉ tiêu đang có hiệu lực.")))
    refuse_if(faults)
    change = TargetChange.objects.create(
        target=standing,
        old=plain_terms(old),
        new=plain_terms(new),
        decision=decision.strip(),
        decided_on=decided_on,
        reason=reason.strip(),
        by_id=by.account_id,
    )
    _put_in_force(standing, new)
    lowered = [str(way) for way in lowerings(old, new, Direction(standing.indicator.direction))]
    told = {"old": change.old, "new": change.new, "decision": change.decision, "lowered": lowered}
    record("target.changed", by=by, subject=change, code=standing.code, **told)
    return change


def _refuse_if_stale(standing: Target, seen: int | None, new: Terms) -> None:
    newest = standing.changes.order_by("-pk").values_list("pk", flat=True).first() or 0
    if seen is not None and seen != newest:
        text = _("Chỉ tiêu này vừa được thay đổi theo một quyết định khác. Đề nghị xem lại rồi ghi tiếp.")
        raise Stale(text, current=standing, submitted=new)


def _faults_of_decision(decision: str, decided_on: date | None, reason: str) -> list[Fault]:
    is_known = decided_on is not None and decided_on <= timezone.localdate()
    checks = [
        ("decision", bool(decision.strip()), _("Đề nghị ghi số, ký hiệu của văn bản quyết định thay đổi.")),
        ("decision", len(decision) <= MOST_LETTERS_OF_DECISION, _("Đề nghị ghi gọn trong 300 ký tự.")),
        ("decided_on", is_known, _("Đề nghị ghi ngày của quyết định, không sau hôm nay.")),
        ("reason", bool(reason.strip()), _("Đề nghị ghi lý do thay đổi.")),
    ]
    return [Fault(name, text) for name, holds, text in checks if not holds]


def _put_in_force(target: Target, new: Terms) -> None:
    target.operator, target.low, target.high, target.year = new.operator, new.low, new.high, new.year
    target.baseline, target.baseline_on = new.baseline, new.baseline_on
    target.path, target.path_points = new.path, plain_points(new.path_points)
    target.period = str(new.year) if new.year else target.period
    target.save(update_fields=CHANGEABLE)
