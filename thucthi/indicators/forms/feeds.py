"""The form of a machine source: who it is, what it may write, and how what it says becomes our words."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.forms import BodyAsTyped, Choice, DayAsTyped, Text, named_with_code, offer
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.feeds import FeedContent
from thucthi.indicators.calculations.codes import STATE_WORDS
from thucthi.indicators.calculations.mapping import map_of
from thucthi.indicators.models import Feed, FeedKind, Indicator, ObservationKind
from thucthi.kernel.vietnamese_text import fold

EVERY = [
    ("daily", gettext_lazy("Hằng ngày")),
    ("weekly", gettext_lazy("Hằng tuần")),
    ("monthly", gettext_lazy("Hằng tháng")),
    ("quarterly", gettext_lazy("Hằng quý")),
    ("half_yearly", gettext_lazy("Sáu tháng một lần")),
    ("yearly", gettext_lazy("Hằng năm")),
]
ENCODINGS = [("", gettext_lazy("Tự nhận")), ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("windows-1258", "Windows-1258")]
MARKS = [(",", gettext_lazy("Dấu phẩy: 1.234,5")), (".", gettext_lazy("Dấu chấm: 1234.5"))]
COLUMNS = ("indicator", "organisation", "period", "value", "state", "breakdown", "numerator", "denominator")
CONSTANTS = ("indicator", "organisation", "period")
OF_A_TABLE = ("sheet", "header_row", "delimiter", "encoding", "decimal_mark")
OF_ASKING = (
    "address", "every", *(f"columns_{name}" for name in COLUMNS), *(f"constants_{name}" for name in CONSTANTS),
    "codes_organisation", "codes_indicator", "states", "may_withdraw", "path", *OF_A_TABLE,
)  # fmt: skip
WHERE = {
    FeedKind.TABLE: gettext_lazy("Tên cột như trong dòng tiêu đề, hoặc #3 cho cột thứ ba."),
    FeedKind.JSON: gettext_lazy("Đường dẫn trong mỗi bản ghi, ví dụ don_vi.ma; $key là tên của bản ghi."),
    FeedKind.SDMX: gettext_lazy("Tên chiều hoặc thuộc tính, ví dụ REF_AREA."),
}


class Pairs(forms.CharField):
    """Lines `theirs = ours`. Cleans to a dictionary; `words` translates what stands on the right."""

    widget = forms.Textarea

    def __init__(self, *, words: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.words = words

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{theirs} = {ours}" for theirs, ours in value.items()) if isinstance(value, dict) else value

    def clean(self, value: Any) -> Any:
        pairs: dict[str, str] = {}
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            theirs, sign, ours = (part.strip() for part in line.rpartition("="))
            if not line.strip():
                continue
            meant = ours if self.words is None else self.words.get(fold(ours), "")
            if not sign or not theirs or not meant:
                text = _("Dòng %(number)s chưa đúng dạng “mã của nguồn = mã của hệ thống”.")
                raise forms.ValidationError(text % {"number": number})
            pairs[theirs] = str(meant)
        return pairs


class IndicatorCodes(forms.CharField):
    """Codes of indicators, one a line. Cleans to a tuple; that it is empty is the action's word."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        codes = list(dict.fromkeys(str(value or "").replace(",", "\n").split()))
        found = {row.code: row for row in Indicator.objects.filter(code__in=codes)}
        if unknown := [code for code in codes if code not in found]:
            text = _("Không có chỉ tiêu mã: %(codes)s.")
            raise forms.ValidationError(text % {"codes": ", ".join(unknown[:10])})
        return tuple(found[code] for code in codes)


class FeedForm(forms.Form):
    """All of a source but its code and kind; fields that its kind does not need are taken out."""

    name = Text(label=gettext_lazy("Tên nguồn"), help_text=gettext_lazy("Tên để nhận ra trong danh sách."))
    organisation = Choice(label=gettext_lazy("Cơ quan quản lý nguồn"))
    source = Text(
        label=gettext_lazy("Ghi nguồn số liệu là"),
        help_text=gettext_lazy("Hiện cạnh mỗi con số, ví dụ: Cục Thống kê, báo cáo tháng."),
    )
    scope = BodyAsTyped(
        label=gettext_lazy("Chỉ được ghi cho cơ quan này và cấp dưới"),
        required=False,
        help_text=gettext_lazy("Tên chính thức, tên tắt hoặc mã. Để trống: cả nước và mọi đơn vị."),
    )
    indicators = IndicatorCodes(
        label=gettext_lazy("Chỉ được ghi các chỉ tiêu"), help_text=gettext_lazy("Mỗi dòng một mã chỉ tiêu.")
    )
    observation_kind = Choice(label=gettext_lazy("Loại số liệu"), choices=ObservationKind.choices)
    address = Text(
        label=gettext_lazy("Địa chỉ lấy số liệu"),
        help_text=gettext_lazy("Bắt đầu bằng https://; máy chủ phải có trong danh sách được phép."),
    )
    every = Choice(label=gettext_lazy("Chu kỳ lấy"), choices=EVERY)
    path = Text(
        label=gettext_lazy("Danh sách bản ghi nằm ở"),
        required=False,
        help_text=gettext_lazy("Đường dẫn tới danh sách, ví dụ data.rows[*]."),
    )
    sheet = Text(label=gettext_lazy("Trang tính"), required=False, help_text=gettext_lazy("Để trống: trang đầu tiên."))
    header_row = forms.IntegerField(label=gettext_lazy("Dòng tiêu đề là dòng thứ"), initial=1, required=False)
    delimiter = Text(
        label=gettext_lazy("Dấu ngăn cột của tệp CSV"),
        required=False,
        strip=False,
        help_text=gettext_lazy("Để trống: tự nhận."),
    )
    encoding = Choice(label=gettext_lazy("Bảng mã của tệp CSV"), required=False, choices=ENCODINGS)
    decimal_mark = Choice(label=gettext_lazy("Dấu thập phân"), choices=MARKS)
    columns_indicator = Text(label=gettext_lazy("Mã chỉ tiêu lấy ở"), required=False)
    constants_indicator = Text(label=gettext_lazy("hoặc luôn là chỉ tiêu"), required=False)
    columns_organisation = Text(label=gettext_lazy("Mã đơn vị lấy ở"), required=False)
    constants_organisation = Text(
        label=gettext_lazy("hoặc luôn là đơn vị"), required=False, help_text=gettext_lazy("Mã đơn vị, hoặc “cả nước”.")
    )
    columns_period = Text(label=gettext_lazy("Kỳ lấy ở"), required=False)
    constants_period = Text(label=gettext_lazy("hoặc luôn là kỳ"), required=False)
    columns_value = Text(label=gettext_lazy("Giá trị lấy ở"))
    columns_state = Text(label=gettext_lazy("Trạng thái lấy ở"), required=False)
    columns_breakdown = Text(label=gettext_lazy("Phân tổ lấy ở"), required=False)
    columns_numerator = Text(label=gettext_lazy("Tử số lấy ở"), required=False)
    columns_denominator = Text(label=gettext_lazy("Mẫu số lấy ở"), required=False)
    codes_organisation = Pairs(
        label=gettext_lazy("Đổi mã đơn vị"), help_text=gettext_lazy("Mỗi dòng: mã của nguồn = mã của hệ thống.")
    )
    codes_indicator = Pairs(
        label=gettext_lazy("Đổi mã chỉ tiêu"), help_text=gettext_lazy("Mỗi dòng: mã của nguồn = mã của hệ thống.")
    )
    states = Pairs(
        label=gettext_lazy("Ký hiệu trạng thái của nguồn"),
        words=STATE_WORDS,
        help_text=gettext_lazy("Mỗi dòng, ví dụ: p = sơ bộ; c = mật; m = chưa có."),
    )
    may_withdraw = forms.BooleanField(
        label=gettext_lazy("Nguồn được rút số đã gửi bằng trạng thái “chưa có”"), required=False
    )
    is_active = forms.BooleanField(label=gettext_lazy("Nguồn đang hoạt động"), required=False, initial=True)

    def __init__(self, *args: Any, kind: str, bodies: list[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.bodies = {body.code: body for body in bodies}
        offer(self, "organisation", [(code, body.official_name) for code, body in self.bodies.items()])
        for name in _superfluous(kind):
            del self.fields[name]
        if kind in WHERE:
            for name in COLUMNS:
                self.fields[f"columns_{name}"].help_text = WHERE[FeedKind(kind)]

    @property
    def content(self) -> FeedContent:
        """What was typed, as far as it could be read."""
        given = self.cleaned_data
        return FeedContent(
            name=given.get("name", ""),
            organisation=self.bodies.get(given.get("organisation", "")),
            scope=given.get("scope"),
            indicators=given.get("indicators", ()),
            source=given.get("source", ""),
            observation_kind=given.get("observation_kind", ""),
            address=given.get("address", ""),
            every=given.get("every", ""),
            settings=self._settings() if "address" in self.fields else {},
            is_active=given.get("is_active", True),
        )

    def _settings(self) -> dict[str, object]:
        given = self.cleaned_data
        settings: dict[str, object] = {
            "columns": {name: given[f"columns_{name}"] for name in COLUMNS if given.get(f"columns_{name}")},
            "constants": {name: given[f"constants_{name}"] for name in CONSTANTS if given.get(f"constants_{name}")},
            "codes": {
                name: given[f"codes_{name}"] for name in ("organisation", "indicator") if given.get(f"codes_{name}")
            },
        }
        plain = ("states", "may_withdraw", "path", "sheet", "delimiter", "encoding", "decimal_mark", "header_row")
        return settings | {name: given[name] for name in plain if given.get(name) not in (None, "", {}, False)}


class NewFeedForm(FeedForm):
    """With the code, which stays."""

    code = Text(
        label=gettext_lazy("Mã nguồn"),
        help_text=gettext_lazy("Chữ thường không dấu, chữ số, gạch nối; không đổi được về sau."),
    )
    field_order = ("code",)


class SecretForm(forms.Form):
    """How long a new secret holds."""

    expires_on = DayAsTyped(label=gettext_lazy("Khóa có hiệu lực đến hết ngày"))


def _superfluous(kind: str) -> list[str]:
    if kind == FeedKind.API:
        return list(OF_ASKING)
    if kind == FeedKind.TABLE:
        return ["path"]
    return [*OF_A_TABLE, *([] if kind == FeedKind.JSON else ["path"])]


def as_typed(feed: Feed) -> dict[str, Any]:
    """What the form shows of a source that is there."""
    given = map_of(feed.settings)
    typed: dict[str, Any] = {
        "name": feed.name,
        "organisation": feed.organisation.code,
        "source": feed.source,
        "scope": named_with_code(feed.scope) if feed.scope else "",
        "indicators": "\n".join(feed.indicators.order_by("code").values_list("code", flat=True)),
        "observation_kind": feed.observation_kind,
        "address": feed.address,
        "every": feed.every,
        "is_active": feed.is_active,
        "states": dict(given.states),
    }
    typed |= {f"columns_{name}": where for name, where in given.columns.items()}
    typed |= {f"constants_{name}": what for name, what in given.constants.items()}
    typed |= {f"codes_{name}": dict(pairs) for name, pairs in given.codes.items()}
    return typed | {name: getattr(given, name) for name in (*OF_A_TABLE, "path", "may_withdraw")}
