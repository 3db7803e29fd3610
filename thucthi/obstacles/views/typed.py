"""What people type into forms about obstacles and requests, looked up as far as they may see."""

from django.forms import Form
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import visible_tasks


def task_typed(viewer: Viewer, form: Form) -> Task | None:
    """The task whose code stands in the field `task`; an unknown one and a hidden one get the same fault there."""
    code = form.cleaned_data.get("task", "").strip()
    task = visible_tasks(viewer).filter(code=code).select_related("lead").first() if code else None
    if code and task is None:
        form.add_error("task", _("Không có nhiệm vụ mang mã “%(code)s” trong phạm vi được xem.") % {"code": code})
    return task
