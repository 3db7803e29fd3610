"""Addresses of public_site: everything that nobody else claimed."""

from django.urls import URLPattern, re_path

from thucthi.public_site.views import oembed, published_file

app_name = "public_site"
# The working area and the sign-in keep their own 404 and their missing slashes.
urlpatterns: list[URLPattern] = [
    re_path(r"^oembed$", oembed, name="oembed"),
    re_path(r"^(?!(?:lam-viec|tai-khoan)(?:/|$))(?P<path>.*)$", published_file, name="published_file"),
]
