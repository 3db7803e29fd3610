"""Machines that send values and places that are asked for them."""

from django.urls import URLPattern, path

from thucthi.indicators.views import feeds

urlpatterns: list[URLPattern] = [
    path("nguon-so-lieu/", feeds.feeds, name="feeds"),
    path("nguon-so-lieu/them/<slug:kind>/", feeds.add_feed, name="add_feed"),
    path("nguon-so-lieu/luot/<int:pk>/", feeds.feed_run, name="feed_run"),
    path("nguon-so-lieu/<slug:code>/", feeds.feed, name="feed"),
    path("nguon-so-lieu/<slug:code>/sua/", feeds.edit_feed, name="edit_feed"),
    path("nguon-so-lieu/<slug:code>/lay/", feeds.run_feed_now, name="run_feed"),
    path("nguon-so-lieu/<slug:code>/khoa/", feeds.give_secret, name="give_secret"),
    path("nguon-so-lieu/<slug:code>/khoa/<int:pk>/thu-hoi/", feeds.revoke_secret, name="revoke_secret"),
]
