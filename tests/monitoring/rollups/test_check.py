"""`thucthi check rollups`: nothing to say when all is well; a figure changed by hand is named, and mended."""

from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from tests.database import another_database
from tests.monitoring.rollups.histories import set_day
from tests.monitoring.world import AS_OF, make_world
from thucthi.config.supervisor import LocalPostgres
from thucthi.directory.access import ANONYMOUS, SYSTEM
from thucthi.kernel.errors import Forbidden
from thucthi.monitoring.actions.rollups import fold_deltas, forget_runs_of_counting, rebuild_rollups, roll_day
from thucthi.monitoring.models import Rollup, RollupDelta, TaskStanding
from thucthi.monitoring.selectors.rollup_check import Mismatch, mismatches
from thucthi.monitoring.tasks import keep_counts

PLANTED = {
    "UPDATE monitoring_rollup SET owed = owed + 1 WHERE (organisation_id, document_id) = (0, 0)": (
        "subtree", "0/0"),
    "UPDATE monitoring_leadcount SET owed = owed - 1 WHERE lead_id = {science} AND document_id = 0": (
        "lead", "{science}/0"),
    "UPDATE monitoring_taskstanding SET stage = 'done' WHERE task_id = {task}": ("standing", "{task}"),
    "UPDATE monitoring_taskstanding SET stale_on = NULL WHERE task_id = {task}": ("standing", "{task}"),
    "DELETE FROM monitoring_taskstanding WHERE task_id = {task}": ("standing", "{task}"),
    "UPDATE monitoring_taskpulse SET last_on = last_on - 1 WHERE task_id = {task}": ("pulse", "{task}"),
    "DELETE FROM monitoring_taskpulse WHERE task_id = {task}": ("pulse", "{task}"),
    "DELETE FROM monitoring_lineage WHERE lead_id = {science} AND ancestor_id = 0": ("lineage", "{science}<0"),
}  # fmt: skip


def checked(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("check_rollups", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_a_recount_that_agrees_says_so() -> None:
    make_world()
    assert checked() == [
        "standing: 0",
        "pulse: 0",
        "lineage: 0",
        "lead: 0",
        "subtree: 0",
        "Đếm lại từ dữ kiện khớp với mọi số đếm đang giữ: 0 chỗ lệch.",
    ]
    assert RollupDelta.objects.exists()
    assert fold_deltas(by=SYSTEM) > 0
    assert not RollupDelta.objects.exists()
    assert mismatches() == []


@pytest.mark.django_db
def test_only_the_system_makes_the_engine_work() -> None:
    make_world()
    waiting = RollupDelta.objects.count()
    for work in (fold_deltas, roll_day, rebuild_rollups, forget_runs_of_counting):
        with pytest.raises(Forbidden):
            work(by=ANONYMOUS)
    assert RollupDelta.objects.count() == waiting > 0
    assert not Rollup.objects.exclude(document_id=-1).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["taskstanding", "taskpulse", "lineage", "rollupdelta", "leadcount", "rollup"])
def test_the_application_writes_none_of_it_by_hand(table: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(f"DELETE FROM monitoring_{table}")


def test_each_planted_figure_is_named_and_mended(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    with django_db_blocker.unblock(), another_database(postgres, "planted"):  # type: ignore[attr-defined]
        set_day(AS_OF)
        world = make_world()
        fold_deltas(by=SYSTEM)
        names = {"science": world.state.science.pk, "task": world.tasks["nv-sap-den"].pk}
        for statement, (layer, key) in PLANTED.items():
            assert mismatches() == []
            with psycopg.connect(postgres.url("superuser", "planted")) as server:
                server.execute(statement.format(**names))  # type: ignore[call-overload]
            assert Mismatch(layer, key.format(**names)) in mismatches()
            with pytest.raises(CommandError, match="check rollups --rebuild"):
                checked()
            assert checked("--rebuild")[-1].endswith("0 chỗ lệch.")
        assert TaskStanding.objects.count() == 10


@pytest.mark.django_db
def test_the_periodic_job_folds_rolls_and_forgets_its_own_runs() -> None:
    set_day(AS_OF)
    make_world()
    set_day(AS_OF + timedelta(days=6))
    waiting = RollupDelta.objects.count()
    # From the 26th on nv-sap-den is overdue.
    assert TaskStanding.objects.filter(stale_on__lte=AS_OF + timedelta(days=6)).count() == 1
    assert keep_counts(timestamp=600) == {"folded": waiting, "rolled": 1}
    assert keep_counts(timestamp=605)["rolled"] == 0
    assert mismatches() == []
