"""describe_ledger [--audit] [--checkpoint FILE] [--published DIRECTORY]: how the tree stands, as JSON."""

import json
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from thucthi.ledger.calculations import notes
from thucthi.ledger.selectors import origin, root_at, tree_size
from thucthi.ledger.selectors.keys import KeyTrouble, signing_key
from thucthi.ledger.selectors.standing import audit, fault_against, newest_shown, signed_by_a_known_key


class Command(BaseCommand):
    help = "Tả sổ cái: tên, số mục, gốc cây, dấu vân tay khóa; --audit tính lại tất cả; so với điểm chốt được đưa ra."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--audit", action="store_true")
        parser.add_argument("--checkpoint", type=Path)
        parser.add_argument("--published", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        told: dict[str, Any] = {"origin": origin(), "key_fingerprint": _fingerprint()}
        if options["audit"]:
            found = audit()
            told |= {"size": found.size, "root": found.root}
            told |= {"wrong_leaves": found.wrong_leaves, "wrong_subtrees": found.wrong_subtrees}
        else:
            size = tree_size()
            told |= {"size": size, "root": root_at(size).hex() if size else ""}
        told["shown"] = _compared(options["checkpoint"], options["published"])
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _fingerprint() -> str:
    """Of the public half alone; "" when there is no key here."""
    try:
        return sha256(signing_key().verifier_key.encode()).hexdigest()
    except KeyTrouble:
        return ""


def _compared(file: Path | None, directory: Path | None) -> dict[str, Any] | None:
    """The checkpoint that was handed over must be signed by a key of the ledger; a published one only be there."""
    if file is None:
        shown = newest_shown(directory)
        return None if shown is None else {"size": shown.size, "fault": fault_against(shown)}
    try:
        note = file.read_text(encoding="utf-8")
        shown = notes.read_checkpoint(notes.parts(note)[0])
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: không phải điểm chốt · not a checkpoint ({error})") from error
    return {"size": shown.size, "fault": fault_against(shown), "signed": signed_by_a_known_key(note)}
