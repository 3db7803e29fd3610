"""Signals of honesty, and how far figures can be relied on."""

from django.urls import URLPattern, path

from thucthi.monitoring.views import questions, reliability

urlpatterns: list[URLPattern] = [
    path("dau-hieu/", questions.signals, name="signals"),
    path("dau-hieu/cach-hoi/", questions.signal_methods, name="signal_methods"),
    path("dau-hieu/<slug:code>/", questions.signals_of, name="signals_of"),
    path("dau-hieu/<slug:code>/<slug:check>/<slug:period>/<slug:subject>/", questions.signal, name="signal"),
    path("do-tin-cay/", reliability.reliability, name="reliability"),
    path("do-tin-cay/<slug:code>/", reliability.reliability_parts, name="reliability_parts"),
]
