"""What the background worker does with a file: it reads it in the sandbox and says how that went."""

import logging

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.intake.actions import fail_reading, keep_reading, keep_suggestions, sign_tasks, start_reading
from thucthi.intake.actions.files import READ_FILE
from thucthi.intake.actions.suggesting import SUGGEST
from thucthi.intake.assistance import NoSuggestions, suggested_tasks
from thucthi.intake.models import DocumentReading, SourceFile
from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.sandbox import read_in_sandbox
from thucthi.intake.selectors.files import name_of, reading_of
from thucthi.intake.selectors.suggestions import assistant, may_be_asked, passages_to_ask
from thucthi.kernel.errors import NotVisible, Stale, StoreSilent
from thucthi.kernel.kept_files import on_this_disk
from thucthi.kernel.long_jobs import ONE_AT_A_TIME

LOG = logging.getLogger(__name__)


@app.task(name=READ_FILE)
def read_file(file_id: int) -> None:
    """Once per file, however often it is asked for. Whatever goes wrong, the page gets a sentence."""
    file = SourceFile.objects.select_related("programme").get(pk=file_id)
    if reading_of(file) is not None:
        return
    start_reading(file, by=SYSTEM)
    try:
        with on_this_disk(name_of(file)) as path:
            reading = read_in_sandbox(path, as_of=timezone.localdate())
        keep_reading(file, by=SYSTEM, reading=reading)
    except Stale:
        # Another worker was quicker; its reading stands.
        return
    except (Unreadable, NotVisible, StoreSilent) as fault:
        fail_reading(file, by=SYSTEM, sentence=str(fault))
    except Exception:
        # Known to nobody yet: the person is not left waiting, and the failed job shows it to the operator.
        fail_reading(file, by=SYSTEM, sentence=_("Chưa đọc được tệp này do lỗi của hệ thống. Đề nghị báo quản trị."))
        raise


@app.periodic(cron="*/10 * * * *")
@app.task(name="intake.sign_tasks", queueing_lock="intake.sign_tasks", lock=ONE_AT_A_TIME)
def sign_changed_tasks(timestamp: int) -> int:
    """Every ten minutes, so that a new programme can be compared soon. `timestamp`: when it was due."""
    return sign_all_tasks()


def sign_all_tasks() -> int:
    """Until none is left to be signed; how many were. Safe to repeat."""
    signed = sign_tasks(by=SYSTEM)
    total = signed.number
    while signed.number:
        signed = sign_tasks(by=SYSTEM, after=signed.last)
        total += signed.number
    return total


@app.task(name=SUGGEST)
def suggest(reading_id: int) -> None:
    """Ask about each passage that is left; the right to ask is looked at again, it may have gone meanwhile."""
    reading = DocumentReading.objects.select_related("file__programme__organisation").get(pk=reading_id)
    model = assistant()
    if model is None or not may_be_asked(reading):
        return
    for start, end in list(passages_to_ask(reading)):
        try:
            said = model.suggest(reading.text[start:end], is_public=True)
        except NoSuggestions as fault:
            LOG.warning("%s", fault)
            return
        tasks = suggested_tasks(said, text=reading.text, start=start, end=end, issued_on=reading.issued_on)
        keep_suggestions(reading, by=SYSTEM, tasks=tasks, model=model.model)
