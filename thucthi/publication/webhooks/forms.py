"""What is typed when an endpoint is opened; what is missing or wrong is the action's word."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thucthi.directory.forms import Choices, OrganisationField, Text
from thucthi.publication.webhooks.events import Event


class EndpointForm(forms.Form):
    """`within`: gives the ids of the bodies for which an endpoint may be opened."""

    address = Text(
        label=_("Địa chỉ nhận tin"), help_text=_("Bắt đầu bằng https://; máy chủ phải ở ngoài mạng nội bộ này."),
        required=False,
    )  # fmt: skip
    events = Choices(
        label=_("Nhận tin khi"), choices=Event.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: Any, within: Callable[[], Iterable[int]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["organisation"] = OrganisationField(label=_("Cơ quan nhận tin"), within=within, required=False)
        self.order_fields(["organisation"])
