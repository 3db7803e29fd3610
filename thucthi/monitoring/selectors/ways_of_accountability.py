"""The pages of accountability that this viewer may open, in the order of their questions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.monitoring import access
from thucthi.monitoring.selectors.ways import Way


def ways_of_accountability(viewer: Viewer) -> list[Way]:
    """Pages of the whole country first, then those of the viewer's own bodies."""
    silence = Way(_("Im lặng báo cáo"), reverse("monitoring:silence"), _("cơ quan nhiều kỳ liền không gửi báo cáo nào"))
    return [
        *([silence] if access.may_follow_execution(viewer) else []),
        Way(
            _("Triển khai nghị quyết"),
            reverse("monitoring:cascades"),
            _("ai phải ban hành chương trình, chuỗi từ điều khoản đến xã đứt ở đâu"),
        ),
        Way(_("Nghị quyết × ngành"), reverse("monitoring:sectors"), _("ngành chưa có việc nào theo một nghị quyết")),
        Way(
            _("Văn bản và kết quả"),
            reverse("monitoring:counters"),
            _("mỗi bộ, ngành: đã ban hành bao nhiêu, đã làm được bao nhiêu"),
        ),
        Way(_("Việc để lâu"), reverse("monitoring:ageing"), _("không có động tĩnh, hoặc quá hạn, lâu nhất đứng trên")),
        Way(
            _("Gia hạn và chuyển việc"),
            reverse("monitoring:changes"),
            _("bao nhiêu lần, bao nhiêu ngày, ai quyết định"),
        ),
        *_of_own_bodies(viewer),
    ]


def _of_own_bodies(viewer: Viewer) -> list[Way]:
    ways = []
    for body in Organisation.objects.filter(pk__in=viewer.organisation_ids()).order_by("sort_key")[:5]:
        card = reverse("monitoring:scorecard", kwargs={"code": body.code})
        ways.append(
            Way(_("Phiếu theo dõi: %(name)s") % {"name": body.short_name}, card, _("con số, mẫu số, giải trình"))
        )
        if access.can_see_dossier_of(viewer, body.path):
            heads = reverse("monitoring:heads", kwargs={"code": body.code})
            purpose = _("ai chịu trách nhiệm trong những ngày nào")
            ways.append(Way(_("Dữ kiện nhiệm kỳ: %(name)s") % {"name": body.short_name}, heads, purpose))
    return ways
