"""How far the figures of organisations can be relied on, with the parts and the rows each part is made of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.monitoring.calculations.honesty.shapes import Trace
from thucthi.monitoring.calculations.reliability import Cases, Part, PartScore, Reliability, reliabilities
from thucthi.monitoring.selectors.reliability_cases import Case, cases
from thucthi.monitoring.selectors.reliability_counts import by_unit
from thucthi.monitoring.selectors.reliability_kept import cases_of, open_to_all
from thucthi.monitoring.selectors.scopes import scope_for

MOST_ROWS = 50
TITLES = {
    Part.ON_TIME: gettext_lazy("Đúng hạn"),
    Part.COMPLETE: gettext_lazy("Đầy đủ"),
    Part.AGREES: gettext_lazy("Khớp với số đo"),
    Part.STEADY: gettext_lazy("Ít phải đính chính lớn"),
    Part.UPHELD: gettext_lazy("Giữ được khi có kiến nghị"),
    Part.EVIDENCED: gettext_lazy("Có minh chứng"),
}
HOW = {
    Part.ON_TIME: gettext_lazy("Báo cáo gửi trong hạn và số liệu đến trong thời gian cung cấp, trên tổng số đến hạn."),
    Part.COMPLETE: gettext_lazy("Báo cáo đã gửi và số liệu đã có, trên tổng số phải có; không áp dụng thì không tính."),
    Part.AGREES: gettext_lazy("Số báo cáo lệch số đo (hoặc điều tra mẫu) trong dung sai, trên tổng số so được."),
    Part.STEADY: gettext_lazy(
        "Số liệu không bị đính chính quá dung sai; đính chính do chấp nhận kiến nghị không tính."
    ),
    Part.UPHELD: gettext_lazy("Kiến nghị về số liệu được xử lý theo phía đơn vị, trên tổng số đã trả lời."),
    Part.EVIDENCED: gettext_lazy("Báo cáo hoàn thành có kèm tệp minh chứng, trên tổng số báo cáo hoàn thành."),
}


@dataclass(frozen=True, slots=True)
class PartInWords:
    score: PartScore

    @property
    def title(self) -> str:
        return str(TITLES[self.score.part])

    @property
    def how(self) -> str:
        return str(HOW[self.score.part])

    @property
    def own(self) -> str:
        """ "18/20 (90 %)", or in words that there was nothing to count."""
        counted = self.score.cases
        if counted.share is None:
            return _("Chưa có trường hợp nào")
        return f"{counted.good}/{counted.counted} ({round(100 * counted.share)}\N{NO-BREAK SPACE}%)"

    @property
    def drawn(self) -> str:
        return "–" if self.score.drawn is None else f"{round(100 * self.score.drawn)} %"

    @property
    def peers(self) -> str:
        return "–" if self.score.peers is None else f"{round(100 * self.score.peers)} %"


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    organisation: Organisation
    reliability: Reliability
    parts: tuple[PartInWords, ...]

    @property
    def score(self) -> Decimal | None:
        found = self.reliability.score
        return None if found is None else Decimal(round(found))


@dataclass(frozen=True, slots=True)
class ReliabilityTable:
    kind: str
    year: int
    as_of: date
    rows: tuple[ReliabilityRow, ...]
    peers: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedPart:
    """A part with its rows: those that speak against it first, then those for it, as many as fit on a page."""

    words: PartInWords
    against: tuple[Trace, ...]
    in_favour: tuple[Trace, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class ReliabilityOfOne:
    row: ReliabilityRow
    year: int
    as_of: date
    peers: int
    opened: tuple[OpenedPart, ...]
    counted_at: datetime


def reliability_table(viewer: Viewer, kind: str, year: int, today: date) -> ReliabilityTable:
    """Every organisation of `kind` that the viewer may see; the peers it is drawn to are all of its kind."""
    scope = scope_for(viewer, kind, year, today)
    counted = cases_of(scope)
    scores = reliabilities(by_unit(counted.value, scope.peers))
    rows = [_row(scope.peers[pk], scores[pk]) for pk in scope.peers if pk in scope.seen]
    as_of = min(scope.as_of, timezone.localdate(counted.found_at))
    return ReliabilityTable(kind, year, as_of, tuple(rows), len(scope.peers), counted.found_at)


def reliability_of(viewer: Viewer, organisation: Organisation, year: int, today: date) -> ReliabilityOfOne:
    """One organisation with its parts opened into their rows, as they are now; its peers as they were counted."""
    scope = scope_for(viewer, organisation.kind, year, today)
    scope.peers.setdefault(organisation.pk, organisation)
    counted = cases_of(scope)
    own = list(cases([organisation.pk], year, scope.as_of, open_to_all()))
    found = by_unit(counted.value, scope.peers) | {organisation.pk: _by_part(own)}
    row = _row(organisation, reliabilities(found)[organisation.pk])
    opened = tuple(_opened(words, own) for words in row.parts)
    return ReliabilityOfOne(row, year, scope.as_of, len(scope.peers), opened, counted.found_at)


def _by_part(own: Sequence[Case]) -> dict[Part, Cases]:
    good = Counter(case.part for case in own if case.is_good)
    counted = Counter(case.part for case in own)
    return {part: Cases(good[part], counted[part]) for part in Part}


def _row(organisation: Organisation, reliability: Reliability) -> ReliabilityRow:
    return ReliabilityRow(organisation, reliability, tuple(PartInWords(part) for part in reliability.parts))


def _opened(words: PartInWords, own: Sequence[Case]) -> OpenedPart:
    rows = [case for case in own if case.part is words.score.part]
    against = [case.trace for case in rows if not case.is_good][:MOST_ROWS]
    in_favour = [case.trace for case in rows if case.is_good][: MOST_ROWS - len(against)]
    return OpenedPart(words, tuple(against), tuple(in_favour), len(rows) - len(against) - len(in_favour))
