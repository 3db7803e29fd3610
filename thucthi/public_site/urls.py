"""Addresses of public_site: everything that nobody else claimed."""

from django.urls import URLPattern, re_path

from thucthi.public_site.views import published_file

app_name = "public_site"
urlpatterns: list[URLPattern] = [re_path(r"^(?P<path>.*)$", published_file, name="published_file")]
