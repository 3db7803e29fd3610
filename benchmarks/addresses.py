"""Every address below lam-viec/ that a simulated country can fill, with who asks for it.

What stands before a parameter in an address says what it names; what the country has none of is left out and said.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

WORKING = "lam-viec/"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
GOVERNMENT, PROVINCE, COMMUNE = "mp-dd-1", "mp-dd-2", "mp-bc-{commune}"
EVERYBODY = (GOVERNMENT, PROVINCE, COMMUNE)
# Who is asked as well, where none of these three may open a page.
OTHERS = ("mp-thuong-truc", "mp-tai-khoan", "mp-cong-bo-1")
# What people choose on pages, and the second page of what is long.
CHOSEN = {
    "workspace:search": ("?q=nghi+quyet", "?q=tuyen+duong+lien+xa", "?q=mp-nv-77777", "?q=xa+mo+phong"),
    "directory:organisations": ("?q=xa", "?q=mp-dv-300", "?trang=200"),
    "directory:accounts": ("?q=mp-bc-5", "?trang=200"),
    "documents:documents": ("?tim=nghi+quyet",),
    "programmes:programmes": ("?tim=tuyen+duong", "?tim=khong+co+gi", "?van-ban=mp-nq-1", "?trang=100"),
    "programmes:programme": ("?trang=20",),
    "programmes:money": ("?van-ban=mp-nq-1", "?trang=2"),
    "obstacles:obstacles": ("?state=", "?cause=institution", "?state=open&organisation=mp-dv-2", "?trang=20"),
    "obstacles:board": ("?level=province", "?cot=raised", "?document=mp-nq-1", "?trang=2"),
    "monitoring:signals": ("?loai=department", "?loai=commune", "?loai=province"),
    "monitoring:signal_methods": ("?loai=department", "?loai=commune"),
    "monitoring:reliability": ("?loai=department", "?loai=commune", "?trang=50"),
    "monitoring:ageing": ("?xep=qua-han", "?duoi=mp-dv-2", "?trang=100"),
    "monitoring:changes": ("?loai=chuyen-viec", "?duoi=mp-dv-2", "?trang=100"),
    "monitoring:silence": ("?duoi=mp-dv-2", "?cap=commune", "?van_ban=mp-nq-1", "?trang=50"),
    "monitoring:unfunded": ("?trang=100",),
    "monitoring:cascades": ("?trang=2",),
    "monitoring:early": ("?trang=2",),
    "monitoring:early_of": ("?trang=2",),
    "monitoring:indicators": ("?tim=chi+tieu", "?trang=2"),
    "monitoring:indicator": ("?don-vi=mp-dv-2",),
    "monitoring:grid": ("?van-ban=mp-nq-1", "?cap=commune"),
    "monitoring:provinces": ("?xep=xa-dich",),
    "monitoring:pushes": ("?van-ban=mp-nq-1",),
    "indicators:definitions": ("?q=chi+tieu", "?trang=2"),
    "indicators:quality": ("?don_vi=mp-dv-2", "?trang=2"),
    "indicators:quality_of": ("?xem=late", "?don_vi=mp-dv-2", "?trang=20"),
    "indicators:follow_ups": ("?chi_tieu=mp-ct-1", "?don_vi=mp-dv-2"),
    "indicators:drift": ("?trang=2",),
    "indicators:grid": ("?indicator=mp-ct-1&year=2026&frequency=monthly",),
    "indicators:template": ("?indicator=mp-ct-1&year=2026&frequency=monthly",),
    "reporting:review_queue": ("?so-dong=200",),
    "publication:consistency": ("?trang=2",),
}  # fmt: skip
# Bodies besides the province: the government answers for everybody, a commune for few.
MORE_BODIES = ("mp-dv-1", "mp-dv-{commune}")
BODIES = ("don-vi", "tinh-hinh", "co-quan", "nhiem-ky", "phieu-theo-doi", "dau-hieu", "do-tin-cay")


@dataclass(frozen=True)
class Asked:
    """One address; `logins` in the order in which they are tried."""

    name: str
    path: str
    logins: tuple[str, ...] = EVERYBODY


def addresses(commune: int) -> Iterator[Asked]:
    """Raises nothing for what cannot be filled: `path` is empty then."""
    from django.urls import get_resolver, reverse

    country = _things(commune)
    for parent in get_resolver("thucthi.config.urls").url_patterns:
        if str(parent.pattern).startswith(WORKING) and hasattr(parent, "url_patterns"):
            for leaf in parent.url_patterns:
                name, route = f"{parent.namespace}:{leaf.name}", str(leaf.pattern)
                filled = list(_filled(route, country, commune))
                if not filled:
                    yield Asked(name, "")
                for which in filled:
                    path = reverse(name, kwargs=which)
                    for chosen in ("", *CHOSEN.get(name, ())):
                        yield Asked(name, path + chosen)


def _filled(route: str, country: "Country", commune: int) -> Iterator[dict[str, object]]:
    found: dict[str, object] = {}
    for place in PARAMETER.finditer(route):
        parameter = place.group(1) or place.group(2)
        said = country.of(route, route[: place.start()], parameter)
        if said is None:
            return
        found[parameter] = said
    yield found
    if found.get("code") == "mp-dv-2" and _before(route, "<slug:code>") in BODIES and set(found) == {"code"}:
        for body in MORE_BODIES:
            yield {"code": body.format(commune=commune)}


def _before(route: str, parameter: str) -> str:
    """The last word of an address before a parameter."""
    words = route.partition(parameter)[0].strip("/").split("/")
    return words[-1] if words else ""


@dataclass(frozen=True)
class Country:
    """What the addresses name, by the word that stands before it: `van-ban/<slug>`, `don-vi/<code>`."""

    named: dict[str, Callable[[], object]]

    def of(self, route: str, before: str, parameter: str) -> object:
        """None where the country has nothing of the kind."""
        words = [word for word in PARAMETER.sub("*", before).strip("/").split("/") if word]
        for depth in range(len(words)):
            key = "/".join((*words[depth:], parameter))
            if key in self.named:
                return self.named[key]()
        return None


def _things(commune: int) -> Country:
    from django.apps import apps

    def first(model: str, field: str = "pk", **which: object) -> Callable[[], object]:
        rows = apps.get_model(model).objects.filter(**which).order_by("pk")
        return lambda: rows.values_list(field, flat=True).first()

    always = {
        **dict.fromkeys(
            ("van-ban/slug", "ba-som/slug", "nam-nhat-quan/slug"),
            "mp-nq-1",
        ),
        "nhiem-vu/code": "mp-nv-1",
        "chuong-trinh/code": "mp-ct-1",
        "moc/code": "mp-moc-1-1",
        **{f"{word}/code": "mp-dv-2" for word in BODIES},
        "dinh-nghia-chi-tieu/code": "mp-ct-1",
        "chi-tieu/code": "mp-ct-1",
        "muc/code": "mp-dich-1",
        "duong-gang/chi-tieu/code": "mp-dich-1",
        "chi-tieu/*/tai-ve/form": "csv",
        "nhiem-ky/*/tai-ve/form": "csv",
        "chi-tieu/*/unit": "mp-dv-2",
        "chi-tieu/*/*/period": "2026-08",
        "nhiem-vu/*/nguon-luc/kind": "allocated",
        "giai-trinh/period": "2026-Q4",
        "them/kind": "table",
        "ten/username": f"mp-bc-{commune}",
        "bai-bo/code": "mp-dv-2",
    }
    duty = {"organisation": commune, "state": "owed"}
    found = {
        "bao-cao/period_key": first("reporting.OpenDuty", "obligation__period_key", **duty),
        "bao-cao/pk": first("reporting.OpenDuty", "report", state="waiting", programme__organisation=1),
        "minh-chung/pk": first("reporting.Evidence"),
        "kiem-tra-lai/pk": first("reporting.AfterCheck"),
        "diem-nghen/code": first("obstacles.Obstacle", "code"),
        "phien-hop/code": first("obstacles.Meeting", "code"),
        "phoi-hop/code": first("obstacles.CoordinationRequest", "code"),
        "yeu-cau/code": first("obstacles.CoordinationRequest", "code"),
        "quyet-dinh-go/pk": first("obstacles.Decision"),
        "tu-choi/pk": first("obstacles.Refusal"),
        "the-che/van-ban/code": first("documents.Instrument", "code"),
        "nguon-so-lieu/code": first("indicators.Feed", "code"),
        "luot/pk": first("indicators.FeedRun"),
        "danh-dau/pk": first("indicators.Observation", organisation=2, corrections=None),
        "so-lieu/pk": first("indicators.Observation", organisation=2, corrections=None),
        "kien-nghi-so-lieu/pk": first("indicators.Dispute"),
        "quan-he/code": first("indicators.ConsistencyRule", "code"),
        "nhiem-ky/*/pk": first("directory.Tenure", post__organisation=2),
        "cong-bo/pk": first("publication.Snapshot"),
    }
    return Country({**{key: (lambda said=said: said) for key, said in always.items()}, **found})
