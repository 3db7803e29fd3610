"""How the kept tree stands: whether it agrees with itself, and with what was shown to the outside.

A database restored from an older copy would go on from there, give other entries the places that published
checkpoints speak of, and so fork the log. What was published is the nearest witness: it is asked before anything is
signed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.leaves import LEAF_VERSION
from thucthi.ledger.calculations.merkle import HASH_BYTES, root_of
from thucthi.ledger.calculations.tiles import TILE
from thucthi.ledger.selectors.keys import known_keys, origin
from thucthi.ledger.selectors.tree import root_at, tree_size

# The same text as leaves.leaf_text; a test compares them byte by byte.
LEAF_TEXT = f"""'{LEAF_VERSION}' || E'\\n' || entry.uid::text || E'\\n' || entry.event || E'\\n'
    || to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n'
    || entry.commitment || E'\\n'"""
# Where publication puts the checkpoint of each issue, below PUBLISHED_ROOT (publication.files; a test compares).
SHOWN = "issues/*/checkpoint"
_TILES_AT_ONCE = 2_000


@dataclass(frozen=True)
class Audit:
    """`wrong_leaves`: whose hash is not that of their entry, or whose place is a gap. `wrong_subtrees`: not the root
    over what lies below them. `root` is hexadecimal, over all leaves; "" when it cannot be made."""

    size: int
    root: str
    wrong_leaves: int
    wrong_subtrees: int

    @property
    def is_clean(self) -> bool:
        return not self.wrong_leaves and not self.wrong_subtrees


def audit() -> Audit:
    """Makes every leaf and every subtree anew; some seconds for a million entries."""
    size = tree_size()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s - count(*) + count(*) FILTER (WHERE leaf.hash IS DISTINCT FROM"  # noqa: S608
            f" sha256('\\x00'::bytea || convert_to({LEAF_TEXT}, 'UTF8')))"
            " FROM ledger_leaf leaf LEFT JOIN ledger_entry entry ON entry.id = leaf.entry_id",
            [size],
        )
        (wrong_leaves,) = cursor.fetchone()
    wrong_subtrees = sum(_wrong_at(level, size) for level in _levels(size))
    clean = not wrong_leaves and not wrong_subtrees
    return Audit(size, root_at(size).hex() if clean else "", wrong_leaves, wrong_subtrees)


def _levels(size: int) -> Iterator[int]:
    level = 1
    while size >= TILE**level:
        yield level
        level += 1


def _wrong_at(level: int, size: int) -> int:
    """Of the full subtrees of one level: those that are missing, or not the root over their 256 children."""
    wrong = 0
    for first in range(0, size // TILE**level, _TILES_AT_ONCE):
        until = min(first + _TILES_AT_ONCE, size // TILE**level)
        wrong += until - first - sum(kept == root_of(children) for kept, children in _tiles(level, first, until))
    return wrong


def _tiles(level: int, first: int, until: int) -> Iterator[tuple[bytes, list[bytes]]]:
    table, of_level = ("ledger_leaf", "") if level == 1 else ("ledger_subtree", f"child.level = {level - 1} AND ")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kept.hash, string_agg(child.hash, ''::bytea ORDER BY child.index)"  # noqa: S608
            f" FROM ledger_subtree kept JOIN {table} child ON {of_level}child.index / {TILE} = kept.index"
            f" AND child.index >= %s AND child.index < %s"
            " WHERE kept.level = %s AND kept.index >= %s AND kept.index < %s GROUP BY kept.index, kept.hash",
            [first * TILE, until * TILE, level, first, until],
        )
        for kept, run in cursor.fetchall():
            yield bytes(kept), [bytes(run[i : i + HASH_BYTES]) for i in range(0, len(run), HASH_BYTES)]


def newest_shown(root: Path | None = None) -> notes.Checkpoint | None:
    """The largest checkpoint of this log among the published issues; what cannot be read is passed over."""
    found = [read for path in (root or Path(settings.PUBLISHED_ROOT)).glob(SHOWN) if (read := _read(path)) is not None]
    return max((each for each in found if each.origin == origin()), key=lambda each: each.size, default=None)


def _read(path: Path) -> notes.Checkpoint | None:
    try:
        return notes.read_checkpoint(notes.parts(path.read_text(encoding="utf-8"))[0])
    except (OSError, ValueError):
        return None


def signed_by_a_known_key(note: str) -> bool:
    """Whether one of the keys that the ledger knows signed the note."""
    for key in known_keys():
        try:
            notes.open_note(note, key.verifier_key)
        except notes.BadNote:
            continue
        return True
    return False


def fault_against(shown: notes.Checkpoint | None) -> str:
    """Why this tree may not go on from here; "" when it contains what was shown, or nothing was."""
    if shown is None or shown.origin != origin() or not shown.size:
        return ""
    size = tree_size()
    if size < shown.size:
        return _(
            "Sổ cái trong cơ sở dữ liệu có %(size)s mục, ít hơn %(shown)s mục đã công bố: đây là bản sao lưu cũ. Hãy "
            "khôi phục bản mới hơn cùng nhật ký WAL (thucthi restore); xem docs/operations.md, mục “Sao lưu và khôi "
            "phục”. Chưa có gì bị thay đổi."
        ) % {"size": size, "shown": shown.size}
    if root_at(shown.size) != shown.root:
        return _(
            "Sổ cái trong cơ sở dữ liệu khác với %(shown)s mục đã công bố: lịch sử đã rẽ nhánh. Hãy khôi phục cơ sở "
            "dữ liệu có đúng lịch sử đã công bố; xem docs/operations.md, mục “Sao lưu và khôi phục”. Chưa có gì bị "
            "thay đổi."
        ) % {"shown": shown.size}
    return ""


def fault_against_what_was_published() -> str:
    return fault_against(newest_shown())
