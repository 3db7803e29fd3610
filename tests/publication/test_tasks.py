"""What happens by itself."""

from datetime import date
from types import SimpleNamespace

import pytest
from procrastinate.contrib.django import app

from tests.monitoring.world import make_world
from thucthi.publication.models import Snapshot, SnapshotPublication
from thucthi.publication.tasks import prepare_weekly


def test_the_weekly_issue_is_prepared_on_friday_afternoon() -> None:
    (periodic,) = [
        each for each in app.periodic_registry.periodic_tasks.values() if each.task.name == "publication.prepare_weekly"
    ]
    assert periodic.cron == "0 10 * * 5"  # 17:00 in Việt Nam


@pytest.mark.django_db
def test_it_prepares_and_does_not_publish(monkeypatch: pytest.MonkeyPatch) -> None:
    make_world()
    monkeypatch.setattr("thucthi.publication.tasks.timezone", SimpleNamespace(localdate=lambda: date(2026, 11, 20)))
    prepare_weekly(timestamp=0)
    snapshot = Snapshot.objects.get()
    assert (snapshot.issue, snapshot.prepared_by) == ("2026-W47", None)
    assert not SnapshotPublication.objects.exists()
