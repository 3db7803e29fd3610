"""Codes as parts of addresses."""

import re

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault
from thucthi.kernel.sight import seeing_everything

_SLUG = re.compile(r"[A-Za-z0-9-]{1,64}")
# Words of addresses next to `chuong-trinh/<code>/` and `nhiem-vu/<code>/`.
RESERVED = frozenset({"them"})


def fault_of_code(code: str, taken: QuerySet[Model], field: str = "code") -> list[Fault]:
    """What is wrong with a code chosen for a new thing, if anything."""
    if not _SLUG.fullmatch(code) or code in RESERVED:
        return [Fault(field, _("Đề nghị đặt mã bằng chữ không dấu, số và dấu gạch ngang, ví dụ: ct57-01."))]
    with seeing_everything():
        is_taken = taken.filter(code=code).exists()
    if is_taken:
        return [Fault(field, _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": code})]
    return []
