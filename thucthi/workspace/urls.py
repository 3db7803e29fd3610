"""Addresses of the official's home."""

from django.urls import path

from thucthi.workspace.views import calendars, notices, reading

app_name = "workspace"
urlpatterns = [
    path("", reading.home, name="home"),
    path("tim-kiem/", reading.search, name="search"),
    path("tinh-hinh/", reading.overview, name="overview"),
    path("tinh-hinh/<slug:code>/", reading.overview, name="overview_of"),
    path("nhiem-vu/<slug:code>/tien-do/", reading.task_progress, name="task_progress"),
    path("nhiem-vu/<slug:code>/vuong-mac/", reading.task_stuck, name="task_stuck"),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-xem/", notices.see_notices, name="see_notices"),
    path("thong-bao/nhan-thu/", notices.notice_choices, name="notice_choices"),
    path("thong-bao/ngung/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("thu-gui-di/", notices.letters, name="letters"),
    path("lich/", calendars.calendars, name="calendars"),
    path("lich/<int:pk>/thu-hoi/", calendars.revoke, name="revoke_calendar"),
    path("lich/<str:secret>.ics", calendars.calendar_feed, name="calendar_feed"),
]
