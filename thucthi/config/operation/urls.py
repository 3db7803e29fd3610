"""Addresses for probes; no proxy in front of the application leads to them (deploy/nginx/site.conf)."""

from django.urls import path

from thucthi.config.operation.views import alive, metrics, ready

app_name = "operation"
urlpatterns = [
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]
