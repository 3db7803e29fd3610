"""The sequencer, which gives entries their places in the tree, and the signature under the tree.

Neither records an entry about itself (ADR 0027): the leaf, the subtree and the signed checkpoint are the record.
"""

from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault, refuse_if
from thucthi.ledger.calculations import notes
from thucthi.ledger.calculations.merkle import HASH_BYTES, root_of
from thucthi.ledger.calculations.tiles import TILE, completed
from thucthi.ledger.key_files import make_key_file
from thucthi.ledger.models import Leaf, SignedCheckpoint, SigningKey, Subtree
from thucthi.ledger.selectors.keys import SigningPair, key_path, origin, signing_key
from thucthi.ledger.selectors.standing import LEAF_TEXT, fault_against_what_was_published
from thucthi.ledger.selectors.tree import root_at, tree_size

# Held by the one sequencer, let go at the end of its transaction, however that ends.
LOCK = 0x7468_7563_7468_6931
# An entry is taken once every transaction that could come before it has ended (xid < xmin of the snapshot). A visible
# entry "of the future" that is not our own was made in another cluster and came here by a restored dump: it is old.
_FRESH = """SELECT entry.id, entry.uid, entry.event, entry.recorded_at, entry.commitment, entry.xid
      FROM ledger_entry entry
     WHERE (entry.xid < txid_snapshot_xmin(txid_current_snapshot())
            OR (entry.xid >= txid_snapshot_xmax(txid_current_snapshot())
                AND entry.xid IS DISTINCT FROM txid_current_if_assigned()))
       AND (entry.xid, entry.id) > (%(xid)s, %(id)s)
       AND NOT EXISTS (SELECT FROM ledger_leaf WHERE entry_id = entry.id)
     ORDER BY entry.xid, entry.id LIMIT %(most)s"""
_PLACE = f"""
INSERT INTO ledger_leaf (index, entry_id, hash)
SELECT %(size)s + row_number() OVER (ORDER BY entry.xid, entry.id) - 1, entry.id,
       sha256('\\x00'::bytea || convert_to({LEAF_TEXT}, 'UTF8'))
  FROM ({_FRESH}) entry
"""  # noqa: S608 - texts of ours; what varies is handed over as parameters
_WHERE_WE_ARE = """
SELECT leaf.index + 1, entry.xid, entry.id, entry.xid < txid_snapshot_xmax(txid_current_snapshot())
  FROM ledger_leaf leaf JOIN ledger_entry entry ON entry.id = leaf.entry_id ORDER BY leaf.index DESC LIMIT 1
"""


@transaction.atomic
def sequence(most: int = 100_000, *, thorough: bool = False) -> int:
    """Give up to `most` waiting entries their places, in the order (xid, id) of commits; how many got one.

    0 also when another sequencer is at work. Everything or nothing: killed at any moment it leaves no gap and no
    double. `thorough` looks through all entries instead of only those after the last leaf: once after a dump was
    restored, where transactions are numbered anew. Call it in a transaction of its own: inside a longer one our
    own changes wait for us, and every other sequencer too.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # A new statement, hence a new snapshot: it sees what the sequencer before us committed.
        cursor.execute(_WHERE_WE_ARE)
        size, xid, pk, of_this_cluster = cursor.fetchone() or (0, -1, -1, True)
        after = (xid, pk) if of_this_cluster and not thorough else (-1, -1)
        cursor.execute(_PLACE, {"size": size, "xid": after[0], "id": after[1], "most": most})
        placed: int = cursor.rowcount
    _keep_subtrees(size, size + placed)
    return placed


def _keep_subtrees(old: int, new: int) -> None:
    """Roots over every run of 256^level leaves that became full between the sizes `old` and `new`."""
    for level, first, last in completed(old, new):
        made = [Subtree(level=level, index=at, hash=root_of(hashes)) for at, hashes in _children(level, first, last)]
        Subtree.objects.bulk_create(made, batch_size=2_000)


def _children(level: int, first: int, last: int) -> Iterator[tuple[int, list[bytes]]]:
    """The 256 hashes below each subtree `first` … `last` - 1 of a level: of leaves, or of subtrees one level down."""
    table = Leaf if level == 1 else Subtree
    where = "" if level == 1 else f"level = {level - 1} AND "
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT index / {TILE}, string_agg(hash, ''::bytea ORDER BY index) FROM {table._meta.db_table}"  # noqa: S608
            f" WHERE {where}index >= %s AND index < %s GROUP BY 1 ORDER BY 1",
            [first * TILE, last * TILE],
        )
        for at, run in cursor.fetchall():
            yield at, [bytes(run[i : i + HASH_BYTES]) for i in range(0, len(run), HASH_BYTES)]


@transaction.atomic
def sign_checkpoint(*, size: int, snapshot_hash: str = "") -> SignedCheckpoint:
    """Sign the tree of the first `size` leaves, and with it the manifest whose SHA-256 (hexadecimal) is given.

    Part of the action that publishes; never smaller than what was signed before, for witnesses would refuse that.
    Raises Refused for such a size and where the tree does not contain what was published; KeyTrouble when the key
    cannot sign; ValueError for more leaves than there are.
    """
    if not 0 <= size <= tree_size():
        raise ValueError(f"the tree has no {size} leaves")
    largest = SignedCheckpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    refuse_if([Fault("", _too_small(size, largest))] if size < largest else [])
    forked = fault_against_what_was_published()
    refuse_if([Fault("", forked)] if forked else [])
    key = _key_in_use()
    lines = (f"{notes.SNAPSHOT_LINE}{snapshot_hash}",) if snapshot_hash else ()
    root = root_at(size)
    text = notes.Checkpoint(origin(), size, root, lines).text()
    return SignedCheckpoint.objects.create(
        size=size,
        root=root,
        note=notes.sign(text, key.name, key.private),
        verifier_key=key.verifier_key,
        snapshot_hash=snapshot_hash,
    )


def _key_in_use() -> SigningPair:
    """The log knows the first key from its first signature on; outside production it is made by itself."""
    if SigningKey.objects.exists():
        return signing_key()
    if not settings.PRODUCTION:
        with suppress(FileExistsError):
            make_key_file(key_path())
    key = signing_key()
    SigningKey.objects.create(name=key.name, verifier_key=key.verifier_key, since_size=0)
    return key


def _too_small(size: int, largest: int) -> str:
    return _(
        "Kỳ này được chuẩn bị khi sổ cái có %(size)s mục, trước kỳ đã công bố với %(largest)s mục. "
        "Hãy chuẩn bị lại kỳ này rồi công bố."
    ) % {"size": size, "largest": largest}
