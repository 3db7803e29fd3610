"""Addresses of reporting."""

from django.urls import URLPattern, path

from thucthi.reporting.views import after_checks, bulk, bulk_files, corrections, cycle, editing, receipts, review

app_name = "reporting"
_FORM = "nhiem-vu/<slug:code>/bao-cao/<slug:period_key>/"
urlpatterns: list[URLPattern] = [
    path(_FORM, editing.edit_report, name="edit_report"),
    path(_FORM + "luu-nhap/", editing.save_report_draft, name="save_report_draft"),
    path(_FORM + "khong-doi/", editing.repeat_report, name="repeat_report"),
    path(_FORM + "dung-ke-hoach/", editing.report_on_plan, name="report_on_plan"),
    path(_FORM + "minh-chung/", editing.store_report_evidence, name="store_report_evidence"),
    path("bao-cao-hang-loat/", bulk.bulk, name="bulk"),
    path("bao-cao-hang-loat/dong/", bulk.bulk_row, name="bulk_row"),
    path("bao-cao-hang-loat/mau.xlsx", bulk_files.bulk_template, name="bulk_template"),
    path("bao-cao-hang-loat/tep/", bulk_files.bulk_file, name="bulk_file"),
    path("bao-cao-hang-loat/tep/ghi/", bulk_files.confirm_bulk_file, name="confirm_bulk_file"),
    path("minh-chung/<int:pk>/", review.evidence, name="evidence"),
    path("cho-duyet/", review.review_queue, name="review_queue"),
    path("cho-duyet/chap-nhan/", review.accept_reports, name="accept_reports"),
    path("van-ban/<slug:slug>/lich-bao-cao/", cycle.cycle, name="cycle"),
    path("van-ban/<slug:slug>/lich-bao-cao/dat/", cycle.set_calendar, name="set_calendar"),
    path("van-ban/<slug:slug>/lich-bao-cao/cap/", cycle.set_route, name="set_route"),
    path("van-ban/<slug:slug>/lich-bao-cao/<int:pk>/ket-thuc/", cycle.end_calendar, name="end_calendar"),
    path("van-ban/<slug:slug>/lich-bao-cao/cap/<int:pk>/ket-thuc/", cycle.end_route, name="end_route"),
    path("kiem-tra-lai/", after_checks.after_checks, name="after_checks"),
    path("kiem-tra-lai/<int:pk>/", after_checks.record_after_check, name="record_after_check"),
    path("nhiem-vu/<slug:code>/kiem-tra-lai/", after_checks.checks_of_task, name="checks_of_task"),
    path("bao-cao/<int:pk>/dinh-chinh/", corrections.correct_report, name="correct_report"),
    path("bao-cao/<int:pk>/", review.review_report, name="review_report"),
    path("bao-cao/<int:pk>/bien-nhan/", receipts.receipt, name="receipt"),
    path("bao-cao/<int:pk>/bien-nhan.json", receipts.receipt_file, name="receipt_file"),
    path("bao-cao/<int:pk>/chap-nhan/", review.accept_report, name="accept_report"),
    path("bao-cao/<int:pk>/tra-lai/", review.return_report, name="return_report"),
]
