"""Entering organisations and who leads whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.calculations import searchable
from thucthi.directory.models import Leadership, Organisation, OrganisationName, Placement
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.vietnamese_text import nfc, sort_key
from thucthi.ledger.actions import record

IN_ONE_STATEMENT = 2000


@dataclass(frozen=True)
class NewOrganisation:
    """One body; `parent_code` names one that exists or stands earlier in the list. Codes are kept in lower case."""

    code: str
    tree: str
    level: str
    kind: str
    official_name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    unit_code: str = ""
    parent_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def register_organisations(*, by: Viewer, specs: Sequence[NewOrganisation], on: date) -> list[Organisation]:
    """Enter many organisations, all or none; lineage, search text and sort key are computed. Faults by code."""
    parents = Organisation.objects.filter(code__in={spec.parent_code.lower() for spec in specs if spec.parent_code})
    above = [row.path for row in parents] + [[] for spec in specs if not spec.parent_code]
    require(
        access.can_rearrange(by, above, from_the_centre=steers_from_the_centre(by)),
        _("Chỉ cơ quan thường trực chỉ đạo được đăng ký cơ quan, tổ chức trong phạm vi của mình."),
    )
    refuse_if(_faults_of(specs))
    made = Organisation.objects.bulk_create([_row(spec) for spec in specs], batch_size=IN_ONE_STATEMENT)
    _place(made, specs)
    OrganisationName.objects.bulk_create(
        [
            OrganisationName(
                organisation=row, official_name=row.official_name, short_name=row.short_name, valid_from=row.valid_from
            )
            for row in made
        ],
        batch_size=IN_ONE_STATEMENT,
    )
    if made:
        record("organisations.registered", by=by, subject=made[0], on=on, codes=[row.code for row in made])
    return made


@transaction.atomic
def register_leaderships(*, by: Viewer, pairs: Sequence[tuple[Organisation, Organisation]]) -> list[Leadership]:
    """Record which Party organisation leads which State organisation: pairs of (leader, led)."""
    require(
        access.can_rearrange(by, [led.path for _leader, led in pairs], from_the_centre=steers_from_the_centre(by)),
        _("Chỉ cơ quan thường trực chỉ đạo được ghi quan hệ lãnh đạo trong phạm vi của mình."),
    )
    made = Leadership.objects.bulk_create(Leadership(leader=leader, led=led) for leader, led in pairs)
    if made:
        record("leaderships.registered", by=by, subject=made[0], pairs=[[a.code, b.code] for a, b in pairs])
    return made


def _row(spec: NewOrganisation) -> Organisation:
    name, short = nfc(spec.official_name.strip()), nfc((spec.short_name or spec.official_name).strip())
    return Organisation(
        code=spec.code.lower(),
        tree=spec.tree,
        level=spec.level,
        kind=spec.kind,
        official_name=name,
        short_name=short,
        aliases=[nfc(alias) for alias in spec.aliases],
        unit_code=spec.unit_code,
        valid_from=spec.valid_from,
        valid_to=spec.valid_to,
        search_text=searchable(spec.code, name, short, *spec.aliases),
        sort_key=sort_key(name),
    )


def _place(made: Sequence[Organisation], specs: Sequence[NewOrganisation]) -> None:
    """Parents stand before their children, so one pass gives every lineage."""
    wanted = {spec.parent_code.lower() for spec in specs if spec.parent_code}
    known = {row.code: row for row in Organisation.objects.filter(code__in=wanted)} | {row.code: row for row in made}
    for row, spec in zip(made, specs, strict=True):
        row.parent = known[spec.parent_code.lower()] if spec.parent_code else None
        row.path = [*(row.parent.path if row.parent else []), row.pk]
    Organisation.objects.bulk_update(made, ["parent", "path"], batch_size=IN_ONE_STATEMENT)
    Placement.objects.bulk_create(
        [Placement(organisation=row, parent=row.parent, valid_from=row.valid_from) for row in made],
        batch_size=IN_ONE_STATEMENT,
    )


def _faults_of(specs: Sequence[NewOrganisation]) -> list[Fault]:
    codes = [spec.code.lower() for spec in specs]
    parents = {spec.parent_code.lower() for spec in specs if spec.parent_code}
    existing = set(Organisation.objects.filter(code__in={*codes, *parents}).values_list("code", flat=True))
    faults, seen = [], set(existing)
    for spec, code in zip(specs, codes, strict=True):
        if code in seen:
            faults.append(Fault(code, _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": code}))
        if not spec.official_name.strip():
            faults.append(Fault(code, _("Đề nghị ghi tên chính thức của %(code)s.") % {"code": code}))
        if spec.parent_code and spec.parent_code.lower() not in seen:
            faults.append(
                Fault(code, _("Cơ quan cấp trên %(code)s chưa có. Đề nghị đăng ký trước.") % {"code": spec.parent_code})
            )
        seen.add(code)
    return faults
