"""The kinds of organisations that are compared with each other, in words."""

from collections.abc import Sequence

from django.db.models import Count
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation

# Known kinds in the order in which they are offered; others are offered after them by their code.
KIND_WORDS = {
    "provincial_peoples_committee": gettext_lazy("Ủy ban nhân dân cấp tỉnh"),
    "province": gettext_lazy("Tỉnh, thành phố"),
    "ministry": gettext_lazy("Bộ"),
    "ministerial_body": gettext_lazy("Cơ quan ngang bộ"),
    "government_agency": gettext_lazy("Cơ quan thuộc Chính phủ"),
    "provincial_committee": gettext_lazy("Tỉnh ủy, thành ủy"),
    "department": gettext_lazy("Sở"),
    "commune": gettext_lazy("Xã, phường, đặc khu"),
    "commune_peoples_committee": gettext_lazy("Ủy ban nhân dân cấp xã"),
    "district_peoples_committee": gettext_lazy("Ủy ban nhân dân cấp huyện"),
    "party_committee": gettext_lazy("Cấp ủy trực thuộc Trung ương"),
    "party_board": gettext_lazy("Ban đảng"),
    "mass_organisation": gettext_lazy("Tổ chức chính trị - xã hội"),
}


def kinds_of_peers() -> list[tuple[str, str]]:
    """(kind, in words) of every kind with at least two organisations: one alone has no peers."""
    counted = Organisation.objects.values("kind").annotate(n=Count("pk")).filter(n__gte=2).order_by("kind")
    kinds = [row["kind"] for row in counted]
    order = [*KIND_WORDS, *kinds]
    return [(kind, str(KIND_WORDS.get(kind, kind))) for kind in sorted(kinds, key=order.index)]


def kind_in_words(kind: str) -> str:
    return str(KIND_WORDS.get(kind, kind))


def first_kind(kinds: Sequence[tuple[str, str]]) -> str:
    """What is shown when nobody chose."""
    return kinds[0][0] if kinds else ""
