"""Changing the signing key inside the log, and taking what witnesses outside sign."""

from contextlib import suppress
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.kernel.errors import Fault, Refused
from thucthi.ledger.actions.recording import Actor, record
from thucthi.ledger.calculations.keys import hand_over
from thucthi.ledger.calculations.notes import COSIGNATURE_V1, BadNote, open_note, read_verifier_key
from thucthi.ledger.key_files import make_key_file, next_key_path, put_next_in_place
from thucthi.ledger.models import Cosignature, SignedCheckpoint, SigningKey
from thucthi.ledger.selectors.keys import key_path, origin, read_pair, signing_key
from thucthi.ledger.selectors.tree import tree_size


@transaction.atomic
def rotate_key(*, by: Actor) -> SigningKey:
    """Let the key in use sign its successor, and say so in the log; the file changes once that is committed.

    The successor waits in `<key file>.next`; killed before the commit, the next call takes the same one up again,
    killed after it, the ledger signs with the waiting one. Raises KeyTrouble when the present key cannot sign.
    """
    path, former = key_path(), signing_key()
    if former.path != path:
        put_next_in_place(path)
    with suppress(FileExistsError):
        make_key_file(next_key_path(path))
    successor = read_pair(next_key_path(path)).verifier_key
    size = tree_size()
    if not SigningKey.objects.exists():
        SigningKey.objects.create(name=former.name, verifier_key=former.verifier_key, since_size=0)
    key = SigningKey.objects.create(
        name=origin(),
        verifier_key=successor,
        since_size=size,
        signed_by_former=hand_over(former.verifier_key, former.private, successor, size),
    )
    record(
        "key.rotated",
        by=by,
        subject=key,
        former=former.verifier_key,
        new=successor,
        since_size=size,
        signed_by_former=key.signed_by_former,
    )
    transaction.on_commit(partial(put_next_in_place, path))
    return key


@transaction.atomic
def receive_cosignature(line: str, *, witness: str, by: Actor) -> Cosignature:
    """Keep the line of a witness under the newest checkpoint that it signs; `witness` is its verifier key.

    The same line again changes nothing. Raises Refused when it is no cosignature of that key under any of the
    newest hundred checkpoints.
    """
    line = line.strip() + "\n"
    name = _witness_name(witness)
    checkpoint = _signed_by(line, witness)
    if checkpoint is None:
        raise Refused([Fault("line", _("Dòng này không phải chữ ký của nhân chứng dưới điểm chốt nào gần đây."))])
    known = Cosignature.objects.filter(checkpoint=checkpoint, witness=witness).first()
    if known is not None:
        return known
    made = Cosignature.objects.create(checkpoint=checkpoint, witness=witness, line=line)
    record("cosignature.received", by=by, subject=checkpoint, witness=name, line=line)
    return made


def _witness_name(verifier: str) -> str:
    try:
        name, kind, _public = read_verifier_key(verifier)
    except BadNote:
        kind = 0
    if kind != COSIGNATURE_V1:
        raise Refused([Fault("witness", _("Đây không phải khóa kiểm chứng của một nhân chứng; hãy chép lại cả dòng."))])
    return name


def _signed_by(line: str, witness: str) -> SignedCheckpoint | None:
    for checkpoint in SignedCheckpoint.objects.order_by("-pk")[:100]:
        with suppress(BadNote):
            open_note(checkpoint.note + line, witness)
            return checkpoint
    return None
