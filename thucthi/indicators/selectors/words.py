"""Amounts, bounds and units in the words of the reader's language."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from thucthi.indicators.models import Target
from thucthi.kernel.values import Bound, format_en, format_vi

COUNTRY = "country"


def amount_words(amount: Decimal | None, unit: str = "") -> str:
    """A figure with its unit, a dash for an unknown one; long tails of a path are cut to three decimals."""
    if amount is None:
        return "–"
    shown = round(amount, 3)
    figure = format_en(shown) if get_language() == "en" else format_vi(shown)
    return f"{figure} {unit}".rstrip()


def gap_words(amount: Decimal, unit: str) -> str:
    """How far two figures are apart: between two percentages these are points."""
    if unit.startswith("%"):
        return _("%(amount)s điểm %(unit)s") % {"amount": amount_words(amount), "unit": unit}
    return amount_words(amount, unit)


def bound_words(bound: Bound) -> str:
    """ "≥ 55 %" in the signs of the reader's language."""
    return bound.wording_en if get_language() == "en" else bound.wording


def unit_words() -> Mapping[str, str]:
    """Kinds of units by their code (Organisation.kind), the country first."""
    return {
        COUNTRY: _("Cả nước"),
        "government": _("Chính phủ"),
        "ministry": _("Bộ"),
        "ministerial_body": _("Cơ quan ngang bộ"),
        "government_agency": _("Cơ quan thuộc Chính phủ"),
        "province": _("Tỉnh, thành phố"),
        "provincial_peoples_committee": _("Ủy ban nhân dân tỉnh, thành phố"),
        "provincial_committee": _("Tỉnh ủy, thành ủy"),
        "department": _("Sở, ngành"),
        "district_peoples_committee": _("Ủy ban nhân dân huyện"),
        "commune": _("Xã, phường, đặc khu"),
        "commune_peoples_committee": _("Ủy ban nhân dân xã, phường, đặc khu"),
        "party_committee": _("Cấp ủy"),
        "party_board": _("Ban đảng"),
        "mass_organisation": _("Tổ chức chính trị - xã hội"),
        "steering_committee": _("Ban chỉ đạo"),
        "front": _("Mặt trận Tổ quốc"),
    }


def unit_word(kind: str) -> str:
    """The word for one kind of unit; its code when there is none."""
    return unit_words().get(kind, kind)


def scope_words(target: Target) -> str:
    """Whom the target is about; `target.organisation` should be at hand."""
    if target.each_unit:
        return _("Mức sàn cho từng đơn vị: %(kind)s") % {"kind": unit_word(target.each_unit)}
    return target.organisation.official_name if target.organisation else _("Cả nước")
