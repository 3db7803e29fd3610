"""Addresses of webhooks."""

from django.urls import path

from thucthi.publication.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoints, name="endpoints"),
    path("<int:pk>/", views.endpoint, name="endpoint"),
    path("<int:pk>/dong/", views.close, name="close"),
    path("<int:pk>/tin/<int:message>/gui-lai/", views.replay, name="replay"),
]
