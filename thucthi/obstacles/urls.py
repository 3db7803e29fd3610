"""Addresses of obstacles."""

from django.urls import URLPattern, path

from thucthi.obstacles import views

app_name = "obstacles"
urlpatterns: list[URLPattern] = [
    path("diem-nghen/", views.obstacles, name="obstacles"),
    path("diem-nghen/them/", views.add_obstacle, name="add_obstacle"),
    path("diem-nghen/<slug:code>/", views.obstacle, name="obstacle"),
]
