"""Addresses of documents taken in, their readings and drafts."""

from django.urls import path

from thucthi.intake.views import copies, drafts, files, suggestions, workbooks

app_name = "intake"
urlpatterns = [
    path("chuong-trinh/<slug:code>/doc-van-ban/", files.read_document, name="read_document"),
    path("chuong-trinh/<slug:code>/dan-bang/", files.paste_table, name="paste_table"),
    path("chuong-trinh/<slug:code>/trung-lap/", copies.copies, name="copies"),
    path("chuong-trinh/<slug:code>/bang-tinh/", workbooks.workbook, name="workbook"),
    path("chuong-trinh/<slug:code>/bang-tinh/tai/", workbooks.download, name="download_workbook"),
    path("chuong-trinh/<slug:code>/bang-tinh/doi-chieu/", workbooks.rehearse, name="rehearse_workbook"),
    path("chuong-trinh/<slug:code>/bang-tinh/ap-dung/", workbooks.apply, name="apply_workbook"),
    path("doc-van-ban/<int:pk>/", files.result, name="result"),
    path("doc-van-ban/<int:pk>/doc-lai/", files.read_again, name="read_again"),
    path("doc-van-ban/<int:pk>/nguon/", files.source, name="source"),
    path("doc-van-ban/<int:pk>/chua-dan/", files.uncovered, name="uncovered"),
    path("doc-van-ban/<int:pk>/goi-y/", suggestions.suggest, name="suggest"),
    path("doc-van-ban/<int:pk>/thay-doi/", files.changes, name="changes"),
    path("doc-van-ban/<int:pk>/duyet/", drafts.review, name="review"),
    path("doc-van-ban/<int:pk>/nhan-nhieu/", drafts.accept_above, name="accept_above"),
    path("ban-doc/<int:pk>/", drafts.draft, name="draft"),
    path("ban-doc/<int:pk>/nhan/", drafts.accept, name="accept"),
    path("ban-doc/<int:pk>/bo/", drafts.drop, name="drop"),
    path("ban-doc/<int:pk>/lay-lai/", drafts.restore, name="restore"),
    path("ban-doc/<int:pk>/tach/", drafts.split, name="split"),
    path("ban-doc/<int:pk>/gop/", drafts.merge, name="merge"),
    path("ban-doc/<int:pk>/co-quan/", drafts.assign, name="assign"),
]
