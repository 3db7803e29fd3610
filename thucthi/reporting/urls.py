"""Addresses of reporting."""

from django.urls import URLPattern, path

from thucthi.reporting.views import editing, review

app_name = "reporting"
_FORM = "nhiem-vu/<slug:code>/bao-cao/<slug:period_key>/"
urlpatterns: list[URLPattern] = [
    path(_FORM, editing.edit_report, name="edit_report"),
    path(_FORM + "luu-nhap/", editing.save_report_draft, name="save_report_draft"),
    path(_FORM + "khong-doi/", editing.repeat_report, name="repeat_report"),
    path(_FORM + "dung-ke-hoach/", editing.report_on_plan, name="report_on_plan"),
    path(_FORM + "minh-chung/", editing.store_report_evidence, name="store_report_evidence"),
    path("minh-chung/<int:pk>/", review.evidence, name="evidence"),
    path("cho-duyet/", review.review_queue, name="review_queue"),
    path("bao-cao/<int:pk>/", review.review_report, name="review_report"),
    path("bao-cao/<int:pk>/chap-nhan/", review.accept_report, name="accept_report"),
    path("bao-cao/<int:pk>/tra-lai/", review.return_report, name="return_report"),
]
