"""Indicators with their figures, and taking them away."""

from django.urls import URLPattern, path

from thucthi.monitoring.views import figures

urlpatterns: list[URLPattern] = [
    path("chi-tieu/", figures.indicators, name="indicators"),
    path("chi-tieu/luoi/", figures.figure_grid, name="grid"),
    path("chi-tieu/<slug:code>/", figures.indicator, name="indicator"),
    path("chi-tieu/<slug:code>/cac-tinh/", figures.provinces, name="provinces"),
    path("chi-tieu/<slug:code>/tai-ve/<slug:form>/", figures.take_away, name="take_away"),
    path("chi-tieu/<slug:code>/<slug:unit>/<slug:period>/", figures.value, name="value"),
]
