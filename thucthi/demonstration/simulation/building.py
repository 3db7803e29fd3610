"""Filling an empty database with a simulated country, by its owner: whole, or nothing of it is left."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from thucthi.demonstration.simulation.actions import open_country
from thucthi.demonstration.simulation.aside import claim, clear_away, let_go, put_keys_back, set_aside
from thucthi.demonstration.simulation.hands import Job, work_off
from thucthi.demonstration.simulation.order import DERIVED, HEARD, LADDER, LARGE, job, proofs, rows_and_indexes
from thucthi.demonstration.simulation.plan import Country
from thucthi.demonstration.simulation.tables import is_anything_there, start_counting, tidy
from thucthi.demonstration.simulation.work import make_draw, values_of
from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, Refused, require
from thucthi.obstacles.actions import climb_ladders

# What is being done, and how much of the whole is behind it (0 to 1).
Tell = Callable[[str, float], None]
# Who wants to know how long each job took.
Note = Callable[[str, float], None]


def simulate(country: Country, *, by: Viewer, tell: Tell, note: Note) -> None:
    """Writes the country `country` plans. Raises Refused when anything is there, TooMuch when sizes do not fit.

    The owner's right is needed: while it is built, indexes, keys and triggers of the large tables are set aside and the
    application is shut out. Several transactions: the last one opens the database again, and whatever stops the work
    before it leaves an empty one (ADR 0047). The database checks every row as the keys come back. One entry in the
    ledger names the sizes; documents, frames and indicators leave theirs: they come in through the ordinary actions.
    """
    require(by.is_system, _("Chỉ hệ thống nạp được dữ liệu mô phỏng."))
    values_of(country)
    with _whole_or_nothing() as cursor:
        with transaction.atomic():
            _must_be_empty()
            start_counting(cursor)
            pieces = set_aside(cursor, [*LARGE, *DERIVED], HEARD)
            make_draw(cursor)
        rows = rows_and_indexes(country, pieces)
        checks = [*proofs(country, pieces), job(LADDER, "ladder", lambda _cursor: _climb(country, by))]
        bar = _Bar([*rows, *checks], tell, note)
        work_off(rows, bar.done)
        with transaction.atomic():
            put_keys_back(cursor, [piece for piece in pieces if piece.table in LARGE or piece.kind == "foreign"])
        work_off(checks, bar.done)
        open_country(country.sizes, pieces, by=by)
    tidy({*LARGE, *DERIVED})
    tell(_("Đã dựng xong đất nước mô phỏng"), 1.0)


def _must_be_empty() -> None:
    if is_anything_there():
        raise Refused([Fault("", _("Cơ sở dữ liệu đã có dữ liệu; dữ liệu mô phỏng chỉ nạp vào cơ sở dữ liệu trống."))])


@contextmanager
def _whole_or_nothing() -> Iterator[CursorWrapper]:
    """Nobody else builds meanwhile. What was left half made, by whoever it was, goes first; so does ours if we fail."""
    clear_away()
    with connection.cursor() as cursor:
        if not claim(cursor):
            raise Refused([Fault("", _("Một tiến trình khác đang dựng đất nước mô phỏng; hãy đợi nó xong."))])
        try:
            yield cursor
        except BaseException:
            clear_away()
            raise
        finally:
            let_go(cursor)


class _Bar:
    """Tells of each stage in its order when all before it are over, and how much is done by the jobs' seconds."""

    def __init__(self, jobs: Sequence[Job], tell: Tell, note: Note) -> None:
        self._left = Counter(job.stage for job in jobs)
        self._all, self._behind = sum(job.seconds for job in jobs), 0.0
        self._tell, self._note, self._stage = tell, note, 0
        self._say()

    def done(self, job: Job, seconds: float) -> None:
        self._note(job.name, seconds)
        self._left[job.stage] -= 1
        self._behind += job.seconds
        while self._stage < LADDER and not self._left[self._stage]:
            self._stage += 1
            self._say()
        self._say()

    def _say(self) -> None:
        self._tell(_stages()[self._stage], min(self._behind / self._all, 0.99))


def _stages() -> tuple[str, ...]:
    return (
        _("Đang dựng cơ quan, con người, văn bản"),
        _("Đang ghi chương trình và nhiệm vụ"),
        _("Đang ghi báo cáo và kết quả nghiệm thu"),
        _("Đang ghi giá trị chỉ tiêu"),
        _("Đang dựng chỉ mục và kiểm tra mọi ràng buộc"),
        _("Đang để vướng mắc lên thang xử lý"),
    )


def _climb(country: Country, by: Viewer) -> None:
    climbed = climb_ladders(by=by, on=country.sizes.until)
    while climbed.following is not None:
        climbed = climb_ladders(by=by, on=country.sizes.until, after=climbed.following)
