"""A small world with as many owed reports as the writers can send; `python -m tests.ha.world` fills it and prints it.

Every writer has reporters' sessions of his own and tasks of his own, so that nobody waits for somebody else's row.
"""

import json
import sys
from datetime import date, timedelta
from typing import Any

import django

WRITERS, TASKS, DAYS = 6, 12, 400
PASSWORD = "gio-dua-canh-truc-la-da"
_FIRST_DAY = date(2024, 1, 1)


def fill() -> list[dict[str, Any]]:
    """Accounts, tasks and obligations; per writer his user name, codes of tasks and keys of periods."""
    world = make_world()
    leads = [getattr(world.state, name) for name in ("science", "finance", "province", "commune", "elsewhere")]
    writers = []
    for number in range(WRITERS):
        lead = leads[number % len(leads)]
        account = world.state.person(Role.REPORTER, lead)
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
        tasks = [world.task(f"ha-{number}-{each}", lead) for each in range(TASKS)]
        days = [_FIRST_DAY + timedelta(days=each) for each in range(DAYS)]
        for task in tasks:
            Obligation.objects.bulk_create(
                Obligation(
                    task=task,
                    organisation=lead,
                    period_kind=PeriodKind.DAILY,
                    period_key=day.isoformat(),
                    period_start=day,
                    period_end=day,
                    due_on=day,
                )
                for day in days
            )
        codes = [task.code for task in tasks]
        writers.append({"username": account.username, "codes": codes, "periods": [day.isoformat() for day in days]})
    return writers


def publish() -> None:
    """One issue, for the public site."""
    snapshot = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=timezone.localdate())
    publisher = Account.objects.create(
        username="nguoi-phat-hanh", person=Person.objects.create(display_name="Người mẫu", is_invented=True)
    )
    Membership.objects.create(
        account=publisher,
        organisation=Organisation.objects.get(code="chinh-phu"),
        role=Role.PUBLISHER,
        valid_from=date(2025, 1, 1),
    )
    publish_snapshot(snapshot, by=viewer_of(publisher))


if __name__ == "__main__":
    django.setup()
    from django.utils import timezone

    from tests.reporting.world import make_world
    from thucthi.directory.access import SYSTEM
    from thucthi.directory.models import Account, Membership, Organisation, Person, Role
    from thucthi.directory.selectors import viewer_of
    from thucthi.publication.actions import prepare_snapshot, publish_snapshot
    from thucthi.reporting.models import Obligation, PeriodKind

    _filled = fill()
    publish()
    json.dump(_filled, sys.stdout)
