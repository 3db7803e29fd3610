"""Steps that need Django, each run in a process of its own: `python -m thucthi.config.supervisor.steps NAME`."""

import hashlib
import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from thucthi.config.database_roles import apply_grants
from thucthi.config.supervisor.environment import ACCOUNTS
from thucthi.config.supervisor.progress import aloud
from thucthi.demonstration.simulation.aside import clear_away

LOAD, TELL_ACCOUNTS = "load_demonstration", "demonstration_accounts"


def migrate() -> None:
    """What a simulation left half made goes first: its mark shuts the application out, and rights come back here."""
    if clear_away():
        aloud("Đã dọn đất nước mô phỏng dựng dở", "Took away a simulated country that was half made")
    call_command("migrate", interactive=False, verbosity=0)
    apply_grants()


def gather_static_files() -> None:
    """Only when a source has changed since the last time: compressing them all again takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    print_of_sources = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == print_of_sources:
        return
    aloud("Đang chuẩn bị tệp giao diện", "Gathering static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(print_of_sources, encoding="utf-8")


def load_demonstration() -> None:
    commands = get_commands()
    if LOAD not in commands:
        aloud("Chưa có bộ dữ liệu trình diễn; bỏ qua", "There is no demonstration to load yet; skipped")
        return
    call_command(LOAD, if_empty=True)
    if TELL_ACCOUNTS in commands:
        told = io.StringIO()
        call_command(TELL_ACCOUNTS, stdout=told)
        (Path(settings.STATE) / ACCOUNTS).write_text(told.getvalue(), encoding="utf-8")


def _fingerprint() -> str:
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = Path(storage.path(path)).stat()
            seen.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


NAMED = {
    "migrate": (migrate,),
    "static": (gather_static_files,),
    "demonstration": (gather_static_files, load_demonstration),
}

if __name__ == "__main__":
    django.setup()
    for action in NAMED[sys.argv[1]]:
        action()
