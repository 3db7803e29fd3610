"""The issues of the demonstration verify with the file that lies in them, each as following the one before."""

import json
import subprocess
import sys
from pathlib import Path

from tests.database import Demonstration


def verified(directory: Path, *arguments: object) -> tuple[int, list[str]]:
    command = [sys.executable, "-I", directory / "verify.py", *map(str, arguments), "--en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_every_issue_of_the_demonstration_verifies_and_continues_the_one_before(demonstration: Demonstration) -> None:
    by_name = demonstration.state / "published" / "ky-cong-bo"
    monthly, first, second = (by_name.joinpath(name).resolve() for name in ("2026-10", "2026-W46", "2026-W47"))
    assert verified(monthly)[0] == 0, verified(monthly)[1]
    for older, newer in ((monthly, first), (first, second)):
        status, lines = verified(newer, "--since", older)
        assert status == 0, lines
        assert lines[1].startswith("The log continues issue ")
        assert lines[2] == "Note: the figures of this issue are simulated."
    ledger = json.loads((second / "proofs/ledger.json").read_bytes())
    # Its seventeen weeks were loaded at once and have one entry for all; later ones would have one each.
    assert ledger["figures"]
    assert ledger["pending"] == []
