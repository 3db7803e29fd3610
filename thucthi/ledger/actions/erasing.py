"""Erasing what an entry says about people; only the owner of the tables can, and never without an entry about it."""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault, refuse_if
from thucthi.ledger.actions.recording import Actor, record
from thucthi.ledger.models import Entry


@transaction.atomic
def erase_entry(uid: UUID, *, by: Actor, second: str, because: str) -> Entry:
    """Take salt, labels and content from an entry; its commitment stays, so that the tree and old proofs still hold.

    Runs as the owner of the tables. Raises Refused when the entry is unknown or erased already, when nobody else
    than `by` stands for it, or without a reason; ProgrammingError as any other role.
    """
    entry = Entry.objects.filter(uid=uid).first()
    refuse_if(_faults(entry, by.label, second, because))
    # The new entry must not repeat what is being erased.
    about = Entry(pk=entry.pk if entry else None, subject_label=str(uid))
    told = record("entry.erased", by=by, subject=about, uid=uid, second=second.strip(), because=because.strip())
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_erase(%s)", [uid])
    return told


def _faults(entry: Entry | None, first: str, second: str, because: str) -> list[Fault]:
    faults = []
    if entry is None:
        faults.append(Fault("uid", _("Sổ cái không có mục này; hãy kiểm tra lại mã.")))
    elif entry.salt is None:
        faults.append(Fault("uid", _("Nội dung của mục này đã được xóa từ trước.")))
    elif entry.event == "entry.erased":
        faults.append(Fault("uid", _("Mục ghi lại một lần xóa thì được giữ nguyên.")))
    if not first.strip() or not second.strip() or first.strip().casefold() == second.strip().casefold():
        faults.append(Fault("second", _("Việc xóa cần hai người khác nhau; hãy ghi tên cả hai.")))
    if not because.strip():
        faults.append(Fault("because", _("Hãy ghi lý do và căn cứ của việc xóa, không nhắc lại dữ liệu cần xóa.")))
    return faults
