"""What the background worker does with a file: it reads it in the sandbox and says how that went."""

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.intake.actions import fail_reading, keep_reading, sign_tasks, start_reading
from thucthi.intake.actions.files import READ_FILE
from thucthi.intake.models import SourceFile
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.sandbox import read_in_sandbox
from thucthi.intake.selectors.files import path_of, reading_of
from thucthi.kernel.errors import Stale


@app.task(name=READ_FILE)
def read_file(file_id: int) -> None:
    """Once per file, however often it is asked for. Whatever goes wrong, the page gets a sentence."""
    file = SourceFile.objects.select_related("programme").get(pk=file_id)
    if reading_of(file) is not None:
        return
    start_reading(file, by=SYSTEM)
    try:
        reading = read_in_sandbox(path_of(file), as_of=timezone.localdate())
        keep_reading(file, by=SYSTEM, reading=reading)
    except Stale:
        # Another worker was quicker; its reading stands.
        return
    except Unreadable as fault:
        fail_reading(file, by=SYSTEM, sentence=str(fault))
    except Exception:
        # Known to nobody yet: the person is not left waiting, and the failed job shows it to the operator.
        fail_reading(file, by=SYSTEM, sentence=_("Chưa đọc được tệp này do lỗi của hệ thống. Đề nghị báo quản trị."))
        raise


@app.periodic(cron="*/10 * * * *")
@app.task(name="intake.sign_tasks", queueing_lock="intake.sign_tasks")
def sign_changed_tasks(timestamp: int) -> None:
    """Every ten minutes, so that a new programme can be compared soon. `timestamp`: when it was due."""
    while sign_tasks(by=SYSTEM):
        continue
