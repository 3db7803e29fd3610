"""Quality of values, disputes, things to look at again."""

from django.urls import URLPattern, path

from thucthi.indicators.views import disputes, quality

QUALITY, DISPUTES = "chat-luong-so-lieu/", "kien-nghi-so-lieu/"

urlpatterns: list[URLPattern] = [
    path(QUALITY, quality.quality, name="quality"),
    path(f"{QUALITY}can-xem-lai/", quality.follow_ups, name="follow_ups"),
    path(f"{QUALITY}danh-dau/<int:pk>/", quality.mark, name="open_follow_up"),
    path(f"{QUALITY}dau/<int:pk>/dong/", quality.close_mark, name="close_follow_up"),
    path(f"{QUALITY}quan-he/", quality.consistency_rules, name="consistency_rules"),
    path(f"{QUALITY}quan-he/them/", quality.set_rule, name="add_consistency_rule"),
    path(f"{QUALITY}quan-he/<slug:code>/", quality.consistency_rule, name="consistency_rule"),
    path(f"{QUALITY}quan-he/<slug:code>/sua/", quality.set_rule, name="change_consistency_rule"),
    path(f"{QUALITY}chi-tieu/<slug:code>/", quality.quality_of_indicator, name="quality_of"),
    path(DISPUTES, disputes.disputes, name="disputes"),
    path(f"{DISPUTES}so-lieu/<int:pk>/", disputes.raise_on, name="raise_dispute"),
    path(f"{DISPUTES}<int:pk>/", disputes.dispute, name="dispute"),
    path(f"{DISPUTES}<int:pk>/rut/", disputes.withdraw, name="withdraw_dispute"),
]
