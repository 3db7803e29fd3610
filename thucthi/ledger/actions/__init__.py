"""Everything that is written in the ledger: entries, their places, checkpoints, keys, cosignatures, erasures."""

from thucthi.ledger.actions.erasing import erase_entry
from thucthi.ledger.actions.keys import receive_cosignature, rotate_key
from thucthi.ledger.actions.recording import Actor, Said, record, record_each
from thucthi.ledger.actions.tree import sequence, sign_checkpoint

__all__ = [
    "Actor",
    "Said",
    "erase_entry",
    "receive_cosignature",
    "record",
    "record_each",
    "rotate_key",
    "sequence",
    "sign_checkpoint",
]
