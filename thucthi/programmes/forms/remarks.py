"""The form of a remark on a task."""

from django import forms
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import Choice, InTheNameOf, Text


class RemarkForm(InTheNameOf):
    """A remark or an answer. `answers`: the first remark of the thread, empty for a new one."""

    organisation = Choice(label=gettext_lazy("Nhân danh"))
    text = Text(
        label=gettext_lazy("Nội dung"),
        widget=forms.Textarea,
        help_text=gettext_lazy("Nhắc tên bằng @tên-đăng-nhập hoặc @mã-cơ-quan; nơi được nhắc sẽ nhận thông báo."),
    )
