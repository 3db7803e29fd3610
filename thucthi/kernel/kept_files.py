"""Files that people brought in: kept under names made of their hash, in a directory or in a bucket (ADR 0042).

Nobody else knows where they lie. A name ends in the SHA-256 of the content, perhaps with an extension after it.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.core.files.storage import default_storage as storage
from django.utils.translation import gettext as _

from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Fault, NotVisible, Refused, StoreSilent

ONLY_FOR_THE_OWNER = 0o700
log = logging.getLogger(__name__)


class Directory(FileSystemStorage):
    """Below EVIDENCE_ROOT, readable by the account of the application alone."""

    def __init__(self) -> None:
        super().__init__(allow_overwrite=True)

    @property
    def location(self) -> str:
        return os.path.abspath(settings.EVIDENCE_ROOT)

    def _save(self, name: str, content: File) -> str:
        """Whole or not at all: written aside, forced to the disk, then renamed."""
        target = Path(self.path(name))
        target.parent.mkdir(mode=ONLY_FOR_THE_OWNER, parents=True, exist_ok=True)
        # mkstemp creates with 0600.
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                for piece in content.chunks():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(aside, target)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        # Names are data of their folder, and the folder may be new.
        for folder in (target.parent, target.parent.parent):
            _settle(folder)
        return name


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(name: str, content: bytes) -> None:
    """Returns when the store has the whole file. The same name again is the same content.

    Raises Refused (`file`) when the store does not take it, OSError when the disk does not; nothing is kept then.
    """
    try:
        storage.save(name, ContentFile(content))
    except StoreSilent as silent:
        log.error("the store of files did not take %s: %s", name, silent)
        sentence = _(
            "Kho tệp của hệ thống hiện không nhận được tệp nên tệp chưa được lưu; những gì đã nhập vẫn còn nguyên. "
            "Xin thử lại sau ít phút; nếu vẫn vậy, xin báo người quản trị hệ thống."
        )
        raise Refused([Fault("file", sentence)]) from silent


def read(name: str) -> bytes:
    """The very bytes that were kept. Raises NotVisible when they are lost or not what they were, StoreSilent."""
    try:
        with storage.open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise _lost(name, "is not there") from error
    except StoreSilent as silent:
        log.error("the store of files did not hand out %s: %s", name, silent)
        raise StoreSilent(_("Kho tệp của hệ thống hiện không trả lời; tệp vẫn được giữ nguyên trong kho.")) from silent
    if sha256_hex(content) != hash_in(name):
        raise _lost(name, "is not what was kept")
    return content


def _lost(name: str, what: str) -> NotVisible:
    log.error("the file %s %s", name, what)
    return NotVisible(_("Tệp này hiện không đọc được trong kho. Hãy báo người quản trị hệ thống."))


def hash_in(name: str) -> str:
    return PurePosixPath(name).name.partition(".")[0]


@contextmanager
def on_this_disk(name: str) -> Iterator[Path]:
    """A copy with the same extension, for programs that want a path; gone afterwards. Raises as `read`."""
    content = read(name)
    with tempfile.TemporaryDirectory(prefix="thucthi-") as folder:
        path = Path(folder) / PurePosixPath(name).name
        path.write_bytes(content)
        yield path


def in_a_bucket() -> bool:
    return not isinstance(storage, FileSystemStorage)


def answers() -> bool:
    """Whether the store can be asked now; a directory always can."""
    return not in_a_bucket() or bool(storage.answers())  # type: ignore[attr-defined]


@dataclass
class Moved:
    """Names by what became of them: `wrong` are not what their name says, or could not be read back."""

    done: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def copy_out(directory: Path, earlier: Path | None) -> Moved:
    """Put every kept file below `directory`; what lies below `earlier` already is linked from there."""
    moved = Moved()
    for name in _names():
        target, before = directory / name, earlier / name if earlier else None
        target.parent.mkdir(parents=True, exist_ok=True)
        if before and before.is_file():
            os.link(before, target)
            moved.there.append(name)
            continue
        try:
            target.write_bytes(read(name))
        except NotVisible:
            moved.wrong.append(name)
        else:
            moved.done.append(name)
    return moved


def bring_in(directory: Path) -> Moved:
    """Keep every file below `directory` in the store, each read back. Safe to repeat; `directory` stays as it is.

    Raises Refused when the store does not take one; those before it are kept.
    """
    moved = Moved()
    for path in sorted(each for each in directory.rglob("*") if each.is_file() and not each.name.startswith(".")):
        name = path.relative_to(directory).as_posix()
        if _is_kept(name):
            moved.there.append(name)
            continue
        content = path.read_bytes()
        if sha256_hex(content) != hash_in(name):
            moved.wrong.append(name)
            continue
        keep(name, content)
        (moved.done if _is_kept(name) else moved.wrong).append(name)
    return moved


def _is_kept(name: str) -> bool:
    if not storage.exists(name):
        return False
    try:
        read(name)
    except NotVisible:
        return False
    return True


def _names(folder: str = "") -> Iterator[str]:
    folders, files = storage.listdir(folder)
    above = f"{folder}/" if folder else ""
    for each in sorted(folders):
        yield from _names(f"{above}{each}")
    yield from (f"{above}{each}" for each in sorted(files) if not each.startswith("."))
