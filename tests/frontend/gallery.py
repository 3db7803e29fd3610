"""Every component once, with sample data: what the tests read and what a designer looks at."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PACKAGE = Path(__file__).resolve().parents[2] / "thucthi"
TONES = ("done", "good", "info", "warn", "bad", "silent", "neutral", "na", "confidential")
TONE_WORDS = {
    "done": "Hoàn thành",
    "good": "Đúng hạn",
    "info": "Đang thực hiện",
    "warn": "Sắp đến hạn",
    "bad": "Quá hạn",
    "silent": "Chưa báo cáo kỳ này",
    "neutral": "Không có thời hạn",
    "na": "Không áp dụng",
    "confidential": "Bảo mật",
}


def _number(value: Decimal | int | str) -> str:
    return f"{Decimal(value):,f}".replace(",", "~").replace(".", ",").replace("~", ".").replace("-", "−")


def environment(*, static_prefix: str = "static/", language: str = "vi") -> Environment:
    """The same strictness as the product's own environment, with addresses that need no server."""
    built = Environment(
        loader=FileSystemLoader([PACKAGE / "templates", PACKAGE / "public_site" / "templates", Path(__file__).parent]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    built.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, count: one if count == 1 else many, newstyle=True
    )
    built.globals.update(
        static=lambda path: static_prefix + path,
        url=lambda name, **_: f"/{name}/",
        get_messages=lambda request: request.told,
        get_language=lambda: language,
    )
    built.filters.update(
        number=_number, day=lambda value: f"{value:%d/%m/%Y}", moment=lambda value: f"{value:%d/%m/%Y %H:%M}"
    )
    return built


@dataclass(frozen=True)
class Figure:
    value: str
    percent: int | None
    note: str


@dataclass(frozen=True)
class Site:
    root: str = ""
    as_of: str = "22/11/2026"
    next_update: str = "29/11/2026"
    simulated: bool = True
    kind_label: str = "Bản tin tuần"
    issue_label: str = "Tuần 47/2026"
    twin_links: tuple[tuple[str, str], ...] = (
        ("CSV", "trang.csv"),
        ("JSON", "trang.json"),
        ("Parquet", "trang.parquet"),
    )
    other_language_href: str | None = "en/index.html"
    page_title: str = "Tình hình thực hiện"
    nav: tuple[tuple[object, ...], ...] = (
        ("Tổng quan", "index.html", True),
        ("Nghị quyết", "nghi-quyet.html"),
        ("Đơn vị", "don-vi.html"),
        ("Chỉ tiêu", "chi-tieu.html"),
        ("Điểm nghẽn", "diem-nghen.html"),
    )
    footer: tuple[tuple[str, str], ...] = ()
    page_address: str = "https://vi-du.example/tuan-47/index.html"


def request(path: str = "/lam-viec/", told: tuple[object, ...] = ()) -> SimpleNamespace:
    user = SimpleNamespace(is_authenticated=True, get_username=lambda: "nguoi-dung-mau")
    return SimpleNamespace(path=path, user=user, told=told)


_PROVINCES = {
    "LCH": "Lai Châu", "LCA": "Lào Cai", "TQU": "Tuyên Quang", "CBA": "Cao Bằng", "DBI": "Điện Biên",
    "SLA": "Sơn La", "PTH": "Phú Thọ", "TNG": "Thái Nguyên", "LSO": "Lạng Sơn", "HNO": "Hà Nội",
    "BNI": "Bắc Ninh", "QNI": "Quảng Ninh", "NBI": "Ninh Bình", "HYE": "Hưng Yên", "HPH": "Hải Phòng",
    "THO": "Thanh Hóa", "NAN": "Nghệ An", "HTI": "Hà Tĩnh", "QTR": "Quảng Trị", "HUE": "Huế", "DNA": "Đà Nẵng",
    "QNG": "Quảng Ngãi", "GLA": "Gia Lai", "DLA": "Đắk Lắk", "LDO": "Lâm Đồng", "KHO": "Khánh Hòa",
    "TNI": "Tây Ninh", "DNI": "Đồng Nai", "HCM": "TP. Hồ Chí Minh", "AGI": "An Giang", "DTH": "Đồng Tháp",
    "VLO": "Vĩnh Long", "CTH": "Cần Thơ",
}  # fmt: skip
_TILE_TONES = ("good", "good", "warn", "good", "bad", "good", "done", "silent")
# Cà Mau is left out on purpose: a province without figures must still have its tile.
TILES = {
    code: (name, TONE_WORDS[tone], tone, f"don-vi/{code.lower()}.html", f"{9 + place}/{12 + place * 2}")
    for place, (code, name) in enumerate(_PROVINCES.items())
    for tone in [_TILE_TONES[place % len(_TILE_TONES)]]
}
SAMPLE = {
    "tones": [(tone, TONE_WORDS[tone]) for tone in TONES],
    "counts": [
        (902, 1284, "Đúng hạn", "good", "?lich=dung-han"),
        (117, 1284, "Quá hạn", "bad", "?lich=qua-han"),
        (200, 1284, "Sắp đến hạn", "warn", "?lich=sap-den-han"),
        (65, 1284, "Chưa báo cáo", "silent", "?lich=chua-bao-cao"),
    ],
    "parts": [
        (612, "Hoàn thành", "done"),
        (290, "Đúng hạn", "good"),
        (200, "Sắp đến hạn", "warn"),
        (117, "Quá hạn", "bad"),
        (65, "Chưa báo cáo", "silent"),
    ],
    "marks": [
        ("Rõ việc", "met"),
        ("Rõ người", "doubtful", "Hai đơn vị cùng ghi là chủ trì; chỉ một đơn vị chịu trách nhiệm."),
        ("Rõ thời hạn", "missing", "“Thường xuyên” không phải là thời hạn."),
    ],
    "declared": Figure("65 %", 65, "đơn vị báo cáo ngày 20/11/2026"),
    "accepted": Figure("40 %", 40, "nghiệm thu ngày 02/11/2026, 2 minh chứng"),
    "target": Decimal("10"),
    "points": [
        ("2021", Decimal("3.1")),
        ("2022", Decimal("4.4")),
        ("2023", None),
        ("2024", Decimal("6.2")),
        ("2025", Decimal("7.05")),
        ("2026", Decimal("7.9"), True),
    ],
    "spark": [("Quý I", Decimal("10")), ("Quý II", Decimal("14")), ("Quý III", None), ("Quý IV", Decimal("12"))],
    "tiles": TILES,
    "tasks": [
        ("NV-017", "Xây dựng nghị định về chia sẻ dữ liệu giữa các cơ quan nhà nước", "Bộ Công an", 12),
        ("NV-018", "Hoàn thành kho dữ liệu đất đai cấp xã", "Bộ Nông nghiệp và Môi trường", 1250),
    ],
    "form_errors": [
        ("#id_due", "Thời hạn: xin ghi một ngày cụ thể, ví dụ 31/12/2026"),
        ("#id_note", "Ghi chú: còn dài hơn 500 chữ"),
    ],
}


@dataclass(frozen=True)
class Page:
    template: str
    values: dict[str, object] = field(default_factory=dict)


# As much as anybody is offered: a steering office whose people also keep accounts, letters and keys.
NAVIGATION = [
    (label, f"/lam-viec/{path}")
    for label, path in (
        ("Việc của tôi", ""), ("Thông báo (99+)", "thong-bao/"), ("Tình hình", "tinh-hinh/"),
        ("Văn bản", "van-ban/"), ("Chương trình", "chuong-trinh/"), ("Chỉ tiêu", "chi-tieu/"),
        ("Chờ duyệt", "cho-duyet/"), ("Điểm nghẽn", "diem-nghen/"), ("Trách nhiệm", "trach-nhiem/"),
        ("Phụ thuộc", "phu-thuoc/"), ("Cơ quan", "co-quan/"), ("Tìm kiếm", "tim-kiem/"), ("Công bố", "cong-bo/"),
        ("Thư gửi đi", "thu/"), ("Tài khoản", "tai-khoan/"), ("Khóa API", "khoa-api/"),
    )
]  # fmt: skip


def pages() -> dict[str, Page]:
    """File name → page; both layouts, every component, every error page."""
    told = (SimpleNamespace(level_tag="success", __str__=None, text="Đã gửi duyệt"),)
    workspace = {
        "request": request(told=tuple(_Told(item.level_tag, item.text) for item in told)),
        "csrf_input": "",
        **SAMPLE,
    }
    built = {
        "workspace.html": Page(
            "gallery_workspace.html",
            {
                **workspace,
                "unit_name": "Văn phòng ban chỉ đạo (đơn vị giả định)",
                "account_name": "Chuyên viên tổng hợp",
                "simulated": True,
                "navigation": NAVIGATION,
            },
        ),
        "public.html": Page("gallery_public.html", {"lang": "vi", "site": Site(), **SAMPLE}),
    }
    for name in ("403", "404", "500", "503", "csrf_403"):
        built[f"error-{name}.html"] = Page(f"errors/{name}.html", {"sentence": ""})
    return built


@dataclass(frozen=True)
class _Told:
    level_tag: str
    text: str

    def __str__(self) -> str:
        return self.text


def write(folder: Path) -> list[Path]:
    """Write the gallery with its assets into `folder`; returns the pages written."""
    assets = PACKAGE / "static" / "thucthi"
    for name in ("static/thucthi", "assets"):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(assets, target_is_directory=True)
    templates = environment()
    written = []
    for name, page in pages().items():
        path = folder / name
        path.write_text(templates.get_template(page.template).render(**page.values), encoding="utf-8")
        written.append(path)
    return written
