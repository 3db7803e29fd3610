"""Addresses of programmes, tasks and control frames."""

from django.urls import path

from thucthi.programmes.views import deciding, editing, frames, money, reading, remarks

app_name = "programmes"
urlpatterns = [
    path("van-ban/<slug:slug>/khung/", frames.frame, name="frame"),
    path("van-ban/<slug:slug>/khung/lap/", frames.create, name="create_frame"),
    path("van-ban/<slug:slug>/khung/moc/<slug:code>/", frames.move, name="move_checkpoint"),
    path("chuong-trinh/", reading.programmes, name="programmes"),
    path("chuong-trinh/them/", editing.create, name="create_programme"),
    path("chuong-trinh/<slug:code>/", reading.programme, name="programme"),
    path("chuong-trinh/<slug:code>/sua/", editing.programme, name="edit_programme"),
    path("chuong-trinh/<slug:code>/them-nhiem-vu/", editing.add, name="add_task"),
    path("chuong-trinh/<slug:code>/ban-hanh/", deciding.issue, name="issue_programme"),
    path("nhiem-vu/<slug:code>/", reading.task, name="task"),
    path("nhiem-vu/<slug:code>/sua/", editing.edit, name="edit_task"),
    path("nhiem-vu/<slug:code>/bo/", editing.remove, name="remove_task"),
    path("nhiem-vu/<slug:code>/ngoai-le/", deciding.grant, name="grant_exception"),
    path("nhiem-vu/<slug:code>/tiep-nhan/", deciding.receive, name="receive_task"),
    path("nhiem-vu/<slug:code>/buoc/", deciding.step, name="decide_step"),
    path("nhiem-vu/<slug:code>/thay-doi/", deciding.change, name="change_task"),
    path("nguon-luc/", money.money, name="money"),
    path("nhiem-vu/<slug:code>/nguon-luc/", money.resources, name="resources"),
    path("nhiem-vu/<slug:code>/nguon-luc/<slug:kind>/", money.state_money, name="state_money"),
    path("nhiem-vu/<slug:code>/nguon-luc/dong/<int:pk>/", money.correct_money, name="correct_money"),
    path("nhiem-vu/<slug:code>/khoi-dong/", money.start, name="start_task"),
    path("nhiem-vu/<slug:code>/van-ban/", money.instruments, name="task_instruments"),
    path("nhiem-vu/<slug:code>/trao-doi/", remarks.remarks, name="remarks"),
    path("nhiem-vu/<slug:code>/trao-doi/<int:pk>/xong/", remarks.close, name="close_remark"),
]
