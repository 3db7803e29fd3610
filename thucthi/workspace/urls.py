"""Addresses of the official's home."""

from django.urls import path

from thucthi.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("tim-kiem/", views.search, name="search"),
    path("tinh-hinh/", views.overview, name="overview"),
    path("tinh-hinh/<slug:code>/", views.overview, name="overview_of"),
    path("nhiem-vu/<slug:code>/tien-do/", views.task_progress, name="task_progress"),
]
