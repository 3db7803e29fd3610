"""Two people change the tree at the same moment: each move is sound alone, together they would close a circle."""

from datetime import date
from threading import Barrier, Thread

from django.db import OperationalError, connection

from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewEvent, NewOrganisation, record_event, register_organisations
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Refused

DAY = date(2026, 5, 1)


def new(code: str, parent: str = "") -> NewOrganisation:
    return NewOrganisation(code, "state", "commune", "commune", f"Cơ quan {code}", parent_code=parent)


def test_two_moves_at_once_close_no_circle(fresh_database: str) -> None:
    """a over c, b over d; a goes under d while b goes under c."""
    made = register_organisations(by=SYSTEM, specs=[new("a"), new("b"), new("c", "a"), new("d", "b")], on=DAY)
    body = {row.code: row for row in made}
    together, outcomes = Barrier(2), []

    def move(moved: str, parent: str) -> None:
        event = NewEvent(
            code=f"chuyen-{moved}",
            kind="move",
            effective_on=DAY,
            legal_basis="Quyết định mô phỏng",
            predecessors=(body[moved],),
            new_parent=body[parent],
        )
        together.wait(10)
        try:
            record_event(by=SYSTEM, event=event)
            outcomes.append("moved")
        except (Refused, OperationalError) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=move, args=pair) for pair in (("a", "d"), ("b", "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["Refused", "moved"]
    for row in Organisation.objects.all():
        parent = row.parent
        assert row.path == [*(parent.path if parent else []), row.pk]
        assert row.path.count(row.pk) == 1
