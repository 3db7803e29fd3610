"""Addresses of obstacles."""

from django.urls import URLPattern, path

from thucthi.obstacles import views

app_name = "obstacles"
urlpatterns: list[URLPattern] = [
    path("diem-nghen/bang/", views.board, name="board"),
    path("phien-hop/", views.meetings, name="meetings"),
    path("phien-hop/them/", views.call_meeting, name="call_meeting"),
    path("phien-hop/dua-vao/", views.put_on, name="put_on_agenda"),
    path("phien-hop/<slug:code>/", views.meeting, name="meeting"),
    path("phien-hop/<slug:code>/dua-ra/", views.take_off, name="take_off_agenda"),
    path("phien-hop/<slug:code>/chuyen/", views.move, name="move_on_agenda"),
    path("phien-hop/<slug:code>/chuong-trinh.docx", views.agenda_paper, name="agenda_paper"),
    path("phien-hop/<slug:code>/ket-luan/", views.minutes, name="minutes"),
    path("phien-hop/<slug:code>/ket-luan/tep/", views.read_paper, name="read_paper"),
    path("phoi-hop/", views.waiting, name="waiting"),
    path("phoi-hop/them/", views.send, name="send_request"),
    path("phoi-hop/<slug:code>/", views.request_page, name="request"),
    path("diem-nghen/", views.obstacles, name="obstacles"),
    path("diem-nghen/them/", views.add_obstacle, name="add_obstacle"),
    path("diem-nghen/<slug:code>/", views.obstacle, name="obstacle"),
    path("diem-nghen/<slug:code>/anh-huong/", views.impact, name="impact"),
    path("diem-nghen/<slug:code>/quyet-dinh/", views.decide, name="decide"),
    path("diem-nghen/<slug:code>/tu-choi/", views.refuse_obstacle, name="refuse_obstacle"),
    path("quyet-dinh-go/<int:pk>/nhiem-vu/", views.decision_task, name="decision_task"),
    path("tu-choi/", views.refusals, name="refusals"),
    path("tu-choi/<int:pk>/", views.refusal, name="refusal"),
    path("tu-choi/nhiem-vu/<slug:code>/", views.refuse_task, name="refuse_task"),
    path("tu-choi/yeu-cau/<slug:code>/", views.refuse_request, name="refuse_request"),
    path("thang-xu-ly/", views.ladder_rules, name="ladder_rules"),
    path("thang-xu-ly/them/", views.set_ladder_rule, name="set_ladder_rule"),
    path("thang-xu-ly/<int:pk>/ket-thuc/", views.end_ladder_rule, name="end_ladder_rule"),
]
