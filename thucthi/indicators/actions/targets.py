"""What documents promise of indicators is entered as written."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators import access
from thucthi.indicators.models import Target
from thucthi.indicators.selectors.drafts import repeated
from thucthi.indicators.selectors.target_drafts import NewTarget, faults_by_field, faults_of_target
from thucthi.indicators.selectors.targets import plain_points, plain_terms, terms_of
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
__all__ = ["NewTarget", "set_target", "set_targets"]


@transaction.atomic
def set_targets(*, by: Viewer, specs: Sequence[NewTarget]) -> list[Target]:
    """Enter what documents promise, all or none. Faults are named by code."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được ghi chỉ tiêu của văn bản."))
    taken = set(Target.objects.filter(code__in=[spec.code for spec in specs]).values_list("code", flat=True))
    refuse_if([*repeated([spec.code for spec in specs], taken), *(f for spec in specs for f in faults_of_target(spec))])
    made = Target.objects.bulk_create(
        Target(**{**vars(spec), "path_points": plain_points(spec.path_points)}) for spec in specs
    )
    if made:
        record("targets.set", by=by, subject=made[0], codes=[spec.code for spec in specs])
    return made


@transaction.atomic
def set_target(*, by: Viewer, spec: NewTarget) -> Target:
    """Enter one target. Faults are named by field."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được ghi chỉ tiêu của văn bản."))
    faults = faults_by_field(spec)
    if not _CODE.fullmatch(spec.code):
        faults.append(Fault("code", _("Đề nghị đặt mã bằng chữ không dấu, số và dấu gạch ngang.")))
    elif Target.objects.filter(code=spec.code).exists():
        faults.append(Fault("code", _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": spec.code}))
    refuse_if(faults)
    made = Target.objects.create(**{**vars(spec), "path_points": plain_points(spec.path_points)})
    record("target.set", by=by, subject=made, code=made.code, terms=plain_terms(terms_of(made)))
    return made
