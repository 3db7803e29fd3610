"""Forms of the workspace."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.forms import OrganisationField, Text
from thucthi.documents.models import Document
from thucthi.documents.selectors import visible_documents


class CalendarForm(forms.Form):
    """Of what a calendar shows the days: of one's own work, of one body, or of one document."""

    organisation = OrganisationField(
        label=gettext_lazy("Của một cơ quan"),
        required=False,
        help_text=gettext_lazy("Để trống cả hai ô thì lịch là việc của chính tài khoản này."),
    )
    document = Text(
        label=gettext_lazy("Của một văn bản"),
        required=False,
        help_text=gettext_lazy("Phần cuối trong địa chỉ trang của văn bản, ví dụ nq-57-tw-2024."),
    )

    def document_for(self, viewer: Viewer) -> Document | None:
        """The document typed, among those the viewer may know of; a fault beside the field if there is none."""
        slug = self.cleaned_data.get("document", "").strip()
        found = visible_documents(viewer).filter(slug=slug).first() if slug else None
        if slug and found is None:
            self.add_error("document", _("Không tìm thấy văn bản này trong phạm vi được xem."))
        return found
