"""What waits for what, how far delays reach, what contradicts what."""

from django.urls import URLPattern, path

from thucthi.monitoring.views import graph, ties

ROOT, TASK = "phu-thuoc/", "phu-thuoc/nhiem-vu/<slug:code>/"
CHAIN = "phu-thuoc/duong-gang/"

urlpatterns: list[URLPattern] = [
    path(ROOT, graph.pushes, name="pushes"),
    path(f"{ROOT}xung-dot/", graph.conflicts, name="conflicts"),
    path(f"{ROOT}van-ban/<slug:slug>/", graph.graph_of_document, name="graph_of_document"),
    path(f"{ROOT}co-quan/<slug:code>/", graph.graph_of_organisation, name="graph_of_organisation"),
    path(TASK, ties.ties, name="ties"),
    path(f"{TASK}so-do/", graph.graph_of_task, name="graph_of_task"),
    path(f"{TASK}them/", ties.add_tie, name="add_tie"),
    path(f"{TASK}bo/<int:pk>/", ties.end_tie, name="end_tie"),
    path(f"{TASK}so-lieu/", ties.add_data_need, name="add_data_need"),
    path(f"{TASK}so-lieu/<int:pk>/bo/", ties.drop_data_need, name="drop_data_need"),
    path(f"{CHAIN}van-ban/<slug:slug>/", graph.chain_of_document, name="chain_of_document"),
    path(f"{CHAIN}nhiem-vu/<slug:code>/", graph.chain_of_task, name="chain_of_task"),
    path(f"{CHAIN}chi-tieu/<slug:code>/", graph.chain_of_target, name="chain_of_target"),
]
