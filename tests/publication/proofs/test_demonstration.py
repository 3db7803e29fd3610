"""The issues of the demonstration verify with the file that lies in them, each as following the one before."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

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
        said = replies_in(json.loads((newer / "issue.json").read_bytes()))
        replied = [f"{said} replies of bodies have an entry of their own in the log and match it word for word."]
        assert lines[2:-1] == [*(replied if said else []), "Note: the figures of this issue are simulated."]
        # Nothing after it: no figure shares an entry with others, none waits for its place.
        assert lines[-1].startswith("Compare this key ")
    ledger, issue = (json.loads((second / name).read_bytes()) for name in ("proofs/ledger.json", "issue.json"))
    status, lines = verified(second)
    assert f" {figures_in(issue)} figures have an entry of their own in the log of {ledger['size']} " in lines[0]
    assert ledger["pending"] == []
    assert replies_in(issue) == 2


def replies_in(issue: Any) -> int:
    return sum(len(body["statements"]) for body in issue["organisations"])


def figures_in(issue: Any) -> int:
    """Counted apart from the verifier: what was declared and decided in each period, and what stands of each task."""
    shown = 0
    for task in issue["tasks"]:
        shown += sum(task["standing"][each] is not None for each in ("declared", "accepted"))
        shown += sum(row[each] is not None for row in task["history"] for each in ("declared", "verdict"))
    return shown
