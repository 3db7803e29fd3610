"""Sending a file of values, and confirming it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.forms import AsTyped
from thucthi.indicators.forms.entry import BodyOrCountry


class _Sent(AsTyped, forms.Field):
    """A file; what is wrong with it is the action's to say."""


class UploadForm(forms.Form):
    file = _Sent(label=gettext_lazy("Tệp số liệu"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    organisation = BodyOrCountry(
        label=gettext_lazy("Đơn vị gửi"), help_text=gettext_lazy("Tên hoặc mã; gõ không dấu cũng được.")
    )

    def __init__(self, *args: Any, viewer: Viewer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].viewer = viewer  # type: ignore[attr-defined]
        self.fields["file"].help_text = _("XLSX theo bảng mẫu, hoặc CSV có cùng các cột; tối đa %(limit)s MB.") % {
            "limit": settings.VALUES_MAX_BYTES // (1024 * 1024)
        }


class ConfirmForm(forms.Form):
    only_good = forms.BooleanField(
        label=gettext_lazy("Chỉ ghi các dòng không có lỗi; các dòng có lỗi để lại, không ghi."), required=False
    )
