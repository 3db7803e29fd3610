"""Sheets, targets, rules of adding up, comparisons between documents."""

from django.urls import URLPattern, path

from thucthi.indicators.views import definitions, parts, targets

SHEETS, TARGETS = "dinh-nghia-chi-tieu/", "chi-tieu-van-ban/"
urlpatterns: list[URLPattern] = [
    path(SHEETS, definitions.definitions, name="definitions"),
    path(f"{SHEETS}them/", definitions.define, name="define"),
    path(f"{SHEETS}<slug:code>/", definitions.sheet, name="sheet"),
    path(f"{SHEETS}<slug:code>/sua/", definitions.revise, name="revise"),
    path(f"{SHEETS}<slug:code>/phien-ban/", definitions.versions, name="versions"),
    path(f"{SHEETS}<slug:code>/cach-tong-hop/", parts.rules, name="rules"),
    path(f"{SHEETS}<slug:code>/phan-to/", parts.dimensions, name="dimensions"),
    path(f"{SHEETS}<slug:code>/phan-to/<slug:dimension>/bo/", parts.drop_dimension, name="drop_dimension"),
    path(TARGETS, targets.documents, name="documents"),
    path(f"{TARGETS}muc/<slug:code>/", targets.target, name="target"),
    path(f"{TARGETS}muc/<slug:code>/thay-doi/", targets.change, name="change_target"),
    path(f"{TARGETS}muc/<slug:code>/cap-duoi/", targets.cascade, name="cascade"),
    path(f"{TARGETS}van-ban/<slug:slug>/", targets.targets, name="targets"),
    path(f"{TARGETS}van-ban/<slug:slug>/them/", targets.add, name="add_target"),
    path(f"{TARGETS}van-ban/<slug:slug>/chi-tieu-chinh/", parts.core_indicators, name="core_indicators"),
    path("doi-chieu-chi-tieu/", targets.drift, name="drift"),
]
