"""Addresses of publication."""

from django.urls import URLPattern, path

from thucthi.publication import views

app_name = "publication"
urlpatterns: list[URLPattern] = [
    path("cong-bo/", views.issues, name="issues"),
    path("cong-bo/chuan-bi/", views.prepare_issue, name="prepare_issue"),
    path("cong-bo/<int:pk>/", views.issue, name="issue"),
    path("cong-bo/<int:pk>/phat-hanh/", views.publish_issue, name="publish_issue"),
    path("cong-bo/<int:pk>/tra-lai/", views.return_issue, name="return_issue"),
    path("cong-bo/<int:pk>/ban-sua/", views.prepare_version, name="prepare_version"),
    path("cong-bo/<int:pk>/dinh-chinh/", views.correct_issue, name="correct_issue"),
    path("cong-bo/<int:pk>/xem/<path:path>", views.preview_issue, name="preview_issue"),
    path("cong-bo/<int:pk>/xem/", views.preview_issue, {"path": ""}, name="preview"),
    path("nam-nhat-quan/", views.consistency, name="consistency"),
    path("nam-nhat-quan/<slug:slug>/", views.consistency_of, name="consistency_of"),
]
