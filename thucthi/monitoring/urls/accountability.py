"""Who answers for what: silence, cascade, scorecards, dossiers, ageing."""

from django.urls import URLPattern, path

from thucthi.monitoring.views import ageing, cascades, heads, scorecards, silence

urlpatterns: list[URLPattern] = [
    path("trach-nhiem/", ageing.accountability, name="accountability"),
    path("viec-de-lau/", ageing.ageing, name="ageing"),
    path("gia-han-chuyen-viec/", ageing.changes, name="changes"),
    path("van-ban-va-ket-qua/", ageing.counters, name="counters"),
    path("im-lang/", silence.silence, name="silence"),
    path("nhiem-ky/<slug:code>/", heads.heads, name="heads"),
    path("nhiem-ky/<slug:code>/<int:pk>/", heads.tenure, name="tenure"),
    path("nhiem-ky/<slug:code>/tai-ve/<slug:form>/", heads.dossier, name="dossier"),
    path("phieu-theo-doi/<slug:code>/", scorecards.scorecard, name="scorecard"),
    path("phieu-theo-doi/<slug:code>/giai-trinh/<slug:period>/", scorecards.reply, name="reply"),
    path("trien-khai/", cascades.cascades, name="cascades"),
    path("trien-khai/nganh/", cascades.sectors, name="sectors"),
    path("trien-khai/van-ban/<slug:slug>/", cascades.cascade, name="cascade"),
    path("trien-khai/van-ban/<slug:slug>/giao/", cascades.oblige, name="oblige"),
    path("trien-khai/van-ban/<slug:slug>/bai-bo/<slug:code>/", cascades.lift, name="lift_duty"),
]
