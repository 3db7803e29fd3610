"""Filling an empty database with a simulated country, all or nothing, by its owner."""

from collections.abc import Callable
from dataclasses import asdict

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.demonstration.simulation.bodies import write_bodies, write_people
from thucthi.demonstration.simulation.observing import write_values
from thucthi.demonstration.simulation.papers import write_documents, write_indicators
from thucthi.demonstration.simulation.plan import Country
from thucthi.demonstration.simulation.reporting import write_open_duties, write_reports
from thucthi.demonstration.simulation.tables import go_on_counting, is_anything_there, set_aside, start_counting
from thucthi.demonstration.simulation.work import draw_tasks, values_of, write_events, write_tasks
from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, Refused, require
from thucthi.ledger.actions import record
from thucthi.monitoring.actions.rollups import rebuild_rollups
from thucthi.obstacles.actions import climb_ladders

# What is being done, and how much of the whole is behind it (0 to 1).
Tell = Callable[[str, float], None]
# Tables of which many rows are written, or that tell the counts of every row: their indexes and keys are made
# afterwards, all at once, and so are the counts.
LARGE = (
    "directory_organisation",
    "directory_succession",
    "programmes_programme",
    "programmes_programmebasis",
    "programmes_task",
    "programmes_taskevent",
    "programmes_taskchange",
    "programmes_coordination",
    "programmes_citation",
    "reporting_obligation",
    "reporting_report",
    "reporting_acceptance",
    "indicators_observation",
)
# Shares of the time, measured at a million tasks; only the bar knows them.
BODIES, TASKS, REPORTS, VALUES, INDEXES, DUTIES = 0.02, 0.08, 0.37, 0.57, 0.95, 0.99
_ROOM = ("SET LOCAL maintenance_work_mem = '1GB'", "SET LOCAL work_mem = '256MB'", "SET LOCAL synchronous_commit = off")


@transaction.atomic
def simulate(country: Country, *, by: Viewer, tell: Tell) -> None:
    """Writes the country `country` plans. Raises Refused when anything is there, TooMuch when sizes do not fit.

    The owner's right is needed: for the time of the transaction it takes indexes, keys and triggers off the large
    tables. The database checks every row again as the keys come back. One entry in the ledger names the sizes; the
    documents, frames and indicators leave theirs, for they come in through the ordinary actions.
    """
    require(by.is_system, _("Chỉ hệ thống nạp được dữ liệu mô phỏng."))
    if is_anything_there():
        raise Refused([Fault("", _("Cơ sở dữ liệu đã có dữ liệu; dữ liệu mô phỏng chỉ nạp vào cơ sở dữ liệu trống."))])
    values = values_of(country)
    with connection.cursor() as cursor:
        for setting in _ROOM:
            cursor.execute(setting)
        start_counting(cursor)
        aside = set_aside(cursor, LARGE)
        tell(_("Đang dựng cơ quan, con người, văn bản"), 0.0)
        write_bodies(cursor, country)
        write_people(cursor, country)
        go_on_counting(cursor)
        write_documents(country)
        write_indicators(country)
        _write_work(country, tell)
        # Keys that were only promised until the end of the transaction are looked at now: a table with such promises
        # open lets nobody alter it.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tell(_("Đang dựng chỉ mục và kiểm tra mọi ràng buộc"), VALUES)
        for done, statement in enumerate(aside.statements):
            cursor.execute(statement)
            share = VALUES + (INDEXES - VALUES) * (done + 1) / len(aside.statements)
            tell(_("Đang dựng chỉ mục và kiểm tra mọi ràng buộc"), share)
        write_open_duties(cursor, values)
        go_on_counting(cursor)
    tell(_("Đang để vướng mắc lên thang xử lý"), DUTIES)
    _climb(country, by)
    rebuild_rollups(by=by)
    root = Organisation.objects.get(pk=1)
    record("country.simulated", by=by, subject=root, **{**asdict(country.sizes), "until": country.sizes.until})
    tell(_("Đã dựng xong đất nước mô phỏng"), 1.0)


def _write_work(country: Country, tell: Tell) -> None:
    """The large tables, while they have neither indexes nor keys."""
    values = values_of(country)
    with connection.cursor() as cursor:
        tell(_("Đang ghi chương trình và nhiệm vụ"), BODIES)
        draw_tasks(cursor, values)
        write_tasks(cursor, values)
        write_events(cursor, values)
        words = _("Đang ghi báo cáo và kết quả nghiệm thu")
        tell(words, TASKS)
        after_each = _steps(tell, words, TASKS, REPORTS, len(country.periods))
        write_reports(cursor, country, values, after_each)
        words = _("Đang ghi giá trị chỉ tiêu")
        tell(words, REPORTS)
        write_values(cursor, country, values, _steps(tell, words, REPORTS, VALUES, 10))


def _steps(tell: Tell, words: str, begin: float, end: float, count: int) -> Callable[[], None]:
    """Calls that move the bar from `begin` to `end` in `count` steps."""
    done = iter(range(1, count + 1))

    def step() -> None:
        tell(words, begin + (end - begin) * next(done, count) / max(count, 1))

    return step


def _climb(country: Country, by: Viewer) -> None:
    climbed = climb_ladders(by=by, on=country.sizes.until)
    while climbed.following is not None:
        climbed = climb_ladders(by=by, on=country.sizes.until, after=climbed.following)
