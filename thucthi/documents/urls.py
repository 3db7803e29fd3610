"""Addresses of documents."""

from django.urls import path

from thucthi.documents import views

app_name = "documents"
urlpatterns = [
    path("van-ban/", views.documents, name="documents"),
    path("van-ban/them/", views.add_document, name="add_document"),
    path("van-ban/<slug:slug>/", views.document, name="document"),
    path("van-ban/<slug:slug>/lien-ket/", views.add_relation, name="add_relation"),
]
