"""The three early clocks, tasks without money."""

from django.urls import URLPattern, path

from thucthi.monitoring.views import early

urlpatterns: list[URLPattern] = [
    path("ba-som/", early.early_list, name="early"),
    path("ba-som/<slug:slug>/", early.early_of, name="early_of"),
    path("nguon-luc/chua-du-von/", early.unfunded_tasks, name="unfunded"),
]
