"""Whose turn it is with a report: which rung, in whose place, or why not."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account
from thucthi.documents.models import Instrument
from thucthi.kernel.errors import Fault, Forbidden, Stale
from thucthi.reporting.access import ReportPlace, Seat, seat_of
from thucthi.reporting.calculations.routes import next_rung
from thucthi.reporting.models import Acceptance, Endorsement, Report, Rung


@dataclass(frozen=True)
class Turn:
    """The verdict that may be given now: on this rung ("" without a route), in whose place, and whether it is final."""

    rung: str
    seat: Seat
    is_last: bool


@dataclass(frozen=True)
class Chain:
    """A report with the agreements it has so far."""

    report: Report
    place: ReportPlace
    agreed: Sequence[Endorsement]

    @property
    def decided(self) -> Acceptance | None:
        return getattr(self.report, "acceptance", None)

    @property
    def rung(self) -> str:
        """The rung that waits."""
        return next_rung(self.report.route, [row.rung for row in self.agreed])

    def people(self) -> set[int | None]:
        """Everybody who stands on a rung already, in person or represented."""
        return {pk for row in self.agreed for pk in (row.reviewer_id, row.acting_for_id)} - {None}


def turn_of(by: Viewer, chain: Chain, *, content_hash: str, rung: str | None = None) -> Turn:
    """Raises Forbidden when it is not for the viewer to decide, Stale when another was first or another text was shown.

    `rung`: the one whose verdict the page offered; None: whichever waits.
    """
    report = chain.report
    seats = {step: seat_of(by, chain.place, report.author_id, step) for step in report.route or [""]}
    if not any(seats.values()):
        raise Forbidden(
            _("Báo cáo này do cơ quan chủ quản chương trình hoặc cấp trên nghiệm thu; người viết không tự nghiệm thu.")
        )
    if chain.decided is not None:
        raise Stale(was_decided(chain.decided), current=chain.decided)
    if report.content_hash != content_hash:
        raise Stale(
            _("Nội dung đang hiện không phải là bản báo cáo này. Hãy xem lại trước khi quyết định."), current=report
        )
    waiting = chain.rung
    if rung is not None and rung != waiting:
        raise Stale(_already_agreed(chain), current=report)
    seat = seats[waiting]
    if seat is None:
        raise _out_of_turn(chain, seats)
    if chain.people() & {by.account_id, seat.acting_for} - {None}:
        raise Forbidden(_("Ông/bà đã cho ý kiến ở một cấp của báo cáo này; mỗi người chỉ đứng ở một cấp."))
    return Turn(waiting, seat, is_last=not report.route or waiting == report.route[-1])


def _out_of_turn(chain: Chain, seats: dict[str, Seat | None]) -> Forbidden | Stale:
    if any(seats[row.rung] for row in chain.agreed):
        return Stale(_already_agreed(chain), current=chain.report)
    waits = _("Báo cáo đang chờ cấp dưới: %(rung)s. Khi cấp đó đồng ý, báo cáo sẽ đến ông/bà.")
    return Forbidden(waits % {"rung": Rung(chain.rung).label})


def may_decide(by: Viewer, chain: Chain) -> Turn | None:
    """`turn_of` for a page: None when the viewer has nothing to decide now."""
    try:
        return turn_of(by, chain, content_hash=chain.report.content_hash)
    except (Forbidden, Stale):
        return None


def was_decided(decided: Acceptance | Endorsement) -> str:
    return _("%(who)s đã xử lý báo cáo này trước: %(verdict)s ngày %(when)s. Ý kiến của ông/bà chưa được ghi.") % {
        "who": who_decided(decided.reviewer, decided.acting_for),
        "verdict": decided.get_verdict_display(),
        "when": f"{timezone.localtime(decided.decided_at):%d/%m/%Y}",
    }


def who_decided(reviewer: Account, acting_for: Account | None) -> str:
    """The account that acted, and in whose place: always two names where there were two (D32)."""
    if acting_for is None:
        return reviewer.get_username()
    names = {"who": reviewer.get_username(), "absent": acting_for.get_username()}
    return _("%(who)s thay mặt %(absent)s") % names


def _already_agreed(chain: Chain) -> str:
    if not chain.agreed:
        return _("Cấp nghiệm thu của báo cáo này đã thay đổi. Hãy tải lại trang rồi quyết định.")
    return was_decided(chain.agreed[-1])


def faults_of_instruments(owed: Collection[Instrument]) -> list[Fault]:
    """What stands in the way of closing: texts that the task must bring into force and that are not (D8)."""
    return [
        Fault(
            "claims_completion",
            _("Chưa thể coi là hoàn thành: %(text)s (%(code)s) chưa có hiệu lực. Hãy ghi ngày có hiệu lực trước.")
            % {"text": str(instrument), "code": instrument.code},
        )
        for instrument in owed
    ]


def sentences(faults: Iterable[Fault]) -> str:
    return " ".join(fault.text for fault in faults)
