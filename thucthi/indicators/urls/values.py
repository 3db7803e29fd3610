"""Entering values by hand and by file."""

from django.urls import URLPattern, path

from thucthi.indicators.views import grid, uploads, values

urlpatterns: list[URLPattern] = [
    path("so-lieu/", values.entry, name="entry"),
    path("so-lieu/gia-tri/", values.value, name="value"),
    path("so-lieu/bang/", grid.grid, name="grid"),
    path("so-lieu/bang/dong/", grid.grid_row, name="grid_row"),
    path("so-lieu/mau/", uploads.template, name="template"),
    path("so-lieu/tep/", uploads.upload, name="send_file"),
    path("so-lieu/tep/<int:pk>/", uploads.uploaded, name="upload"),
    path("so-lieu/tep/<int:pk>/ghi/", uploads.confirm, name="confirm_upload"),
    path("so-lieu/tep/<int:pk>/bo/", uploads.drop, name="drop_upload"),
]
