"""The moment at which a simulated country is there: before it nobody but its builder sees anything of it (ADR 0047)."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.demonstration.simulation.aside import Piece, open_again, put_keys_back
from thucthi.demonstration.simulation.order import DERIVED
from thucthi.demonstration.simulation.plan import Sizes
from thucthi.demonstration.simulation.tables import go_on_counting
from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record


@transaction.atomic
def open_country(sizes: Sizes, pieces: Sequence[Piece], *, by: Viewer) -> None:
    """The application may read again what was built with these sizes; the ledger names them. Raises Forbidden.

    Raises RuntimeError when a key of any table was not proved by looking at every row.
    """
    require(by.is_system, _("Chỉ hệ thống nạp được dữ liệu mô phỏng."))
    with connection.cursor() as cursor:
        put_keys_back(cursor, [piece for piece in pieces if piece.table in DERIVED])
        go_on_counting(cursor)
        open_again(cursor, pieces)
    record(
        "country.simulated", by=by, subject=Organisation.objects.get(pk=1), **{**asdict(sizes), "until": sizes.until}
    )
