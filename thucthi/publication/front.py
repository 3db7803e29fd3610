"""What the public finds at standing addresses: links to published issues and the list of corrections.

Derived from what was signed, so it can be made again at any time; nothing here writes to the database.
"""

from thucthi.publication import files
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors.published import corrections_of_published, newest_published


def show(snapshot: Snapshot) -> None:
    """Safe to repeat. Raises OSError when the disk refuses; then the front is as it was."""
    files.put_before_the_public(snapshot.manifest_hash, snapshot.name)
    # The page of corrections points at this list also while it is empty.
    files.write_corrections(corrections_of_published())
    newest = newest_published()
    if newest is not None:
        files.make_latest(newest.manifest_hash)


def show_what_was_signed() -> bool:
    """Make up for a machine that stopped between the signature and the links; whether anything was missing."""
    newest = newest_published()
    if newest is None or files.stands_in_front(newest.manifest_hash, newest.name):
        return False
    show(newest)
    return True
