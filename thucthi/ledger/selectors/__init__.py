"""Reading the ledger: what was done, the tree above it, keys and receipts."""

from thucthi.ledger.selectors.history import entries_about
from thucthi.ledger.selectors.keys import keys_text, known_keys, origin, signing_key
from thucthi.ledger.selectors.tree import Inclusion, consistency, inclusion, placed, root_at, tiles, tree_size

__all__ = [
    "Inclusion",
    "consistency",
    "entries_about",
    "inclusion",
    "keys_text",
    "known_keys",
    "origin",
    "placed",
    "root_at",
    "signing_key",
    "tiles",
    "tree_size",
]
