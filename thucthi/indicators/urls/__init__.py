"""Addresses of indicators: their definitions, their values, the ways in, and doubts."""

from django.urls import URLPattern

from thucthi.indicators.urls import definitions, doubts, feeds, values

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    *definitions.urlpatterns,
    *values.urlpatterns,
    *feeds.urlpatterns,
    *doubts.urlpatterns,
]
