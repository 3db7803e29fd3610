"""What the public finds at standing addresses: links to published issues and the list of corrections.

Derived from what was signed, so it can be made again at any time; nothing here writes to the database. Where there is a
bucket it comes first: what it does not show yet, no machine shows.
"""

import logging

from thucthi.kernel.canonical import canonical_json
from thucthi.publication import bucket, files
from thucthi.publication.bucket import Pointer
from thucthi.publication.fetching import bring_here
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors.proofs import checkpoint_text
from thucthi.publication.selectors.published import all_published, corrections_of_published, newest_published

log = logging.getLogger(__name__)


def show(snapshot: Snapshot) -> None:
    """Safe to repeat. Raises OSError when disk or store refuses; then the front is as it was.

    The checkpoint is there before the first link shows the issue.
    """
    checkpoint = checkpoint_text(snapshot.manifest_hash)
    if bucket.is_on():
        _show_in_the_bucket(snapshot, checkpoint)
    if checkpoint is not None:
        files.write_checkpoint(snapshot.manifest_hash, checkpoint.encode())
    files.put_before_the_public(snapshot.manifest_hash, snapshot.name)
    # The page of corrections points at this list also while it is empty.
    files.write_corrections(corrections_of_published())
    newest = newest_published()
    if newest is not None:
        files.make_latest(newest.manifest_hash)


def _show_in_the_bucket(snapshot: Snapshot, checkpoint: str | None) -> None:
    """Everything that a pointer names is there before the pointer."""
    bucket.put_issue(snapshot.manifest_hash)
    bucket.put(bucket.beside(files.CORRECTIONS), canonical_json(corrections_of_published()))
    bucket.point(_pointer_of(snapshot), Pointer(snapshot.manifest_hash, checkpoint))
    newest = newest_published()
    if newest is not None and (newest == snapshot or bucket.holds(newest.manifest_hash)):
        bucket.point(bucket.LATEST, Pointer(newest.manifest_hash))


def _pointer_of(snapshot: Snapshot) -> str:
    return bucket.beside(snapshot.name + bucket.POINTER)


def show_corrections() -> None:
    """Raises OSError; then the next background job makes up for it."""
    notices = corrections_of_published()
    if bucket.is_on():
        bucket.put(bucket.beside(files.CORRECTIONS), canonical_json(notices))
    files.write_corrections(notices)


def show_report(name: str, content: bytes) -> None:
    """The signed report, which nobody can make a second time: first where it is safest. Raises OSError."""
    files.write_signed_report(name, content)
    if bucket.is_on():
        bucket.put(bucket.beside(name), content)


def show_what_was_signed() -> bool:
    """Make up for a machine that stopped between the signature and the links; whether anything was missing."""
    newest = newest_published()
    if newest is None:
        return False
    missing = _missing_in_the_bucket(newest) if bucket.is_on() else []
    # A witness may have signed since: its line belongs under the checkpoint.
    is_signed = files.holds_checkpoint(newest.manifest_hash, checkpoint_text(newest.manifest_hash))
    if not (is_signed and files.stands_in_front(newest.manifest_hash, newest.name)):
        missing = [*(each for each in missing if each != newest), newest]
    for snapshot in missing:
        show(snapshot)
    return bool(missing)


def _missing_in_the_bucket(newest: Snapshot) -> list[Snapshot]:
    """Published issues that the bucket does not name, oldest first, and the newest when anything of it is behind."""
    shown = bucket.storage().tags(f"{files.BY_NAME}/")
    missing = [each for each in reversed(all_published()) if _pointer_of(each) not in shown]
    if newest not in missing and not _is_shown_as_it_stands(newest):
        missing.append(newest)
    return [each for each in missing if _can_be_had(each)]


def _is_shown_as_it_stands(newest: Snapshot) -> bool:
    bring_here(newest.manifest_hash)
    pointer = Pointer(newest.manifest_hash, checkpoint_text(newest.manifest_hash))
    try:
        notices = bucket.content_of(bucket.beside(files.CORRECTIONS))
        latest, named = bucket.pointer_at(bucket.LATEST), bucket.pointer_at(_pointer_of(newest))
    except (FileNotFoundError, ValueError):
        return False
    is_newest = (latest, named) == (Pointer(newest.manifest_hash), pointer)
    return is_newest and notices == canonical_json(corrections_of_published())


def _can_be_had(snapshot: Snapshot) -> bool:
    bring_here(snapshot.manifest_hash)
    if files.issue_directory(snapshot.manifest_hash).is_dir():
        return True
    log.error("the published issue %s is neither on this machine nor in the bucket", snapshot.name)
    return False


def put_everything() -> dict[str, int]:
    """By name of each published issue of this machine: how many of its files the bucket did not have as they are here.

    Signed reports of this machine too. Raises StoreSilent; safe to repeat.
    """
    put = {}
    for snapshot in reversed(all_published()):
        if files.issue_directory(snapshot.manifest_hash).is_dir():
            put[snapshot.name] = bucket.put_issue(snapshot.manifest_hash, anew=True)
            show(snapshot)
    for path in sorted((files.root() / files.BY_NAME).glob(f"*{files.SIGNED_REPORT}")):
        bucket.put(bucket.beside(path.name), path.read_bytes())
    return put
