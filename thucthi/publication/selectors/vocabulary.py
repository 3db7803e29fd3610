"""What every machine code of an issue is called, in both languages: the data dictionary of the open data."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thucthi.directory.models import EventKind, Level, Tree
from thucthi.documents.calculations.instruments import Timeliness
from thucthi.documents.models import DocumentType, InstrumentType
from thucthi.documents.models import Stage as InstrumentStage
from thucthi.indicators.models import IndicatorKind, ObservationKind, RollupOperator, RollupOrigin
from thucthi.monitoring.states import Punctuality, Reported, Schedule, Stage
from thucthi.obstacles.models import Cause, StepKind
from thucthi.obstacles.selectors import STATE_TONES, STATE_WORDS
from thucthi.programmes.models import ChangedField, GoalKind, Programme, TaskEventKind, TaskKind
from thucthi.publication.shapes import Word
from thucthi.reporting.models import Claim, PeriodKind, Verdict

Words = Iterable[tuple[str, str | Promise, str]]

_DIRECTIONS: Words = (
    ("rise", _("càng cao càng tốt"), "neutral"),
    ("fall", _("càng thấp càng tốt"), "neutral"),
    ("hold", _("giữ quanh mức mục tiêu"), "neutral"),
)
_VALUE_STATES: Words = (
    ("number", _("có số liệu"), "good"),
    ("confirmed_zero", _("bằng không, đã xác nhận"), "good"),
    ("not_reported", _("chưa báo cáo"), "silent"),
    ("not_applicable", _("không áp dụng"), "na"),
    ("confidential", _("không công bố"), "confidential"),
    ("provisional", _("số sơ bộ"), "info"),
)
_WHY: Words = (
    ("counted", _("tính vào"), "good"),
    ("not_reported", _("chưa báo cáo"), "silent"),
    ("not_applicable", _("không áp dụng"), "na"),
    ("confidential", _("không công bố"), "confidential"),
    ("suppressed", _("được giấu để không lộ số không công bố"), "confidential"),
    ("no_weight", _("không có trọng số"), "neutral"),
    ("no_parts", _("không có tử số, mẫu số"), "neutral"),
    ("for_comparison", _("chỉ để đối chiếu"), "neutral"),
)
_CLARITY: Words = (
    ("met", _("đạt"), "done"),
    ("doubtful", _("cần xem"), "warn"),
    ("missing", _("thiếu"), "bad"),
)
_ACTORS: Words = (
    ("party", _("Cấp ủy, tổ chức đảng"), "neutral"),
    ("national_assembly", _("Quốc hội"), "neutral"),
    ("government", _("Chính phủ"), "neutral"),
    ("front", _("Mặt trận và đoàn thể"), "neutral"),
    ("ministries", _("Bộ, ngành và cơ quan Trung ương khác"), "neutral"),
    ("localities", _("Địa phương"), "neutral"),
    ("people", _("Nhân dân"), "neutral"),
)
_TIMELINESS: Words = (
    (Timeliness.NO_DEADLINE.value, _("không ghi hạn"), "neutral"),
    (Timeliness.WITHIN.value, _("còn trong hạn"), "good"),
    (Timeliness.LATE.value, _("quá hạn, chưa ban hành"), "bad"),
    (Timeliness.ISSUED_IN_TIME.value, _("đã ban hành đúng hạn"), "done"),
    (Timeliness.ISSUED_LATE.value, _("đã ban hành, muộn"), "warn"),
)
_FREQUENCIES: Words = (
    ("weekly", _("hằng tuần"), "neutral"),
    ("monthly", _("hằng tháng"), "neutral"),
    ("quarterly", _("hằng quý"), "neutral"),
    ("half_yearly", _("sáu tháng một lần"), "neutral"),
    ("yearly", _("hằng năm"), "neutral"),
)
_SHEET_FIELDS: Words = (
    ("definition", _("định nghĩa"), "neutral"),
    ("method", _("cách tính"), "neutral"),
    ("unit", _("đơn vị tính"), "neutral"),
    ("kind", _("loại chỉ tiêu"), "neutral"),
    ("scale", _("hệ số quy đổi"), "neutral"),
    ("source", _("nguồn số liệu"), "neutral"),
    ("source_owner", _("cơ quan cung cấp số liệu"), "neutral"),
    ("rubric", _("các mức đánh giá"), "neutral"),
)
_NOT_BEGUN: Words = (("not_begun", _("Chưa bắt đầu"), "silent"),)
_STAGE_TONES = dict.fromkeys(("proposal", "drafting", "opinions", "appraisal", "submitted"), "info") | dict.fromkeys(
    ("issued", "in_force"), "done"
)
_CLAIM_TONES = {"on_plan": "good", "at_risk": "warn", "behind": "bad"}
_REPORT_VERDICT_TONES = {"accepted": "done", "returned": "warn"}


def _choices(choices: type, tones: dict[str, str] | None = None) -> Words:
    return [(value, label, (tones or {}).get(value, "neutral")) for value, label in choices.choices]  # type: ignore[attr-defined]


def _states(enum: type) -> Words:
    return [(each.value, each.vietnamese, each.tone) for each in enum]  # type: ignore[attr-defined]


def vocabulary() -> dict[str, dict[str, Word]]:
    """Group → code → word."""
    groups: dict[str, Words] = {
        "stage": _states(Stage),
        "schedule": _states(Schedule),
        "reported": _states(Reported),
        "punctuality": _states(Punctuality),
        "claim": _choices(Claim, _CLAIM_TONES),
        "verdict": _choices(Verdict, _REPORT_VERDICT_TONES),
        "cause": _choices(Cause),
        "obstacle_state": [(state.value, word, STATE_TONES[state]) for state, word in STATE_WORDS.items()],
        "obstacle_step": _choices(StepKind),
        "task_kind": _choices(TaskKind),
        "task_step": _choices(TaskEventKind),
        "changed_field": _choices(ChangedField),
        "goal_kind": _choices(GoalKind),
        "rhythm": _choices(Programme.Rhythm),
        "document_type": _choices(DocumentType),
        "period_kind": _choices(PeriodKind),
        "level": _choices(Level),
        "tree": _choices(Tree),
        "event": _choices(EventKind),
        "observation_kind": _choices(ObservationKind),
        "value_state": _VALUE_STATES,
        "indicator_kind": _choices(IndicatorKind),
        "figure_origin": _choices(RollupOrigin),
        "figure_operator": _choices(RollupOperator),
        "figure_part": _WHY,
        "direction": _DIRECTIONS,
        "frequency": _FREQUENCIES,
        "sheet_field": _SHEET_FIELDS,
        "actor_class": _ACTORS,
        "instrument_type": _choices(InstrumentType),
        "instrument_stage": [*_NOT_BEGUN, *_choices(InstrumentStage, _STAGE_TONES)],
        "instrument_timeliness": _TIMELINESS,
        "clarity": _CLARITY,
    }
    return {group: {code: _both(word, tone) for code, word, tone in words} for group, words in groups.items()}


def _both(word: str | Promise, tone: str) -> Word:
    said = {}
    for language in ("vi", "en"):
        with translation.override(language):
            said[language] = str(word) if isinstance(word, Promise) else gettext(word)
    return Word(vi=said["vi"], en=said["en"], tone=tone)
