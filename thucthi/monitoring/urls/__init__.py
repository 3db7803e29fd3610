"""Addresses of derived things: figures of indicators, signals, who answers for what."""

from django.urls import URLPattern

from thucthi.monitoring.urls import accountability, early, figures, graph, signals

app_name = "monitoring"
urlpatterns: list[URLPattern] = [
    *figures.urlpatterns,
    *signals.urlpatterns,
    *early.urlpatterns,
    *graph.urlpatterns,
    *accountability.urlpatterns,
]
