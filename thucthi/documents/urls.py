"""Addresses of documents."""

from django.urls import path

from thucthi.documents.views import instrument_forms, instruments
from thucthi.documents.views import register as views

app_name = "documents"
urlpatterns = [
    path("van-ban/", views.documents, name="documents"),
    path("van-ban/them/", views.add_document, name="add_document"),
    path("van-ban/<slug:slug>/", views.document, name="document"),
    path("van-ban/<slug:slug>/lien-ket/", views.add_relation, name="add_relation"),
    path("van-ban/<slug:slug>/con-phai-ban-hanh/", instruments.instruments, name="instruments"),
    path("van-ban/<slug:slug>/con-phai-ban-hanh/them/", instrument_forms.owe, name="owe_instrument"),
    path("the-che/", instruments.all_drafters, name="drafters"),
    path("the-che/co-quan/<slug:code>/", instruments.drafter, name="drafter"),
    path("the-che/thoi-han-luat-dinh/", instruments.clocks, name="clocks"),
    path("the-che/thoi-han-luat-dinh/ghi/", instrument_forms.set_clock, name="set_clock"),
    path("the-che/thoi-han-luat-dinh/<int:pk>/ket-thuc/", instrument_forms.end_clock, name="end_clock"),
    path("the-che/van-ban/<slug:code>/", instruments.instrument, name="instrument"),
    path("the-che/van-ban/<slug:code>/sua/", instrument_forms.edit, name="edit_instrument"),
    path("the-che/van-ban/<slug:code>/giai-doan/", instrument_forms.enter, name="enter_stage"),
    path("the-che/van-ban/<slug:code>/ban-hanh/", instrument_forms.link_document, name="link_issued_document"),
    path("the-che/van-ban/<slug:code>/mau-thuan/", instrument_forms.conflict, name="state_conflict"),
    path("the-che/van-ban/<slug:code>/mau-thuan/<int:pk>/tra-loi/", instrument_forms.answer, name="answer_conflict"),
]
