"""Addresses of the official's home."""

from django.urls import path

from thucthi.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("tim-kiem/", views.search, name="search"),
]
