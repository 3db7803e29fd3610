"""An issue for the public: the demonstration's, made in a database of its own and put where another one's files lie.

`python -m benchmarks.rush.publishing PUBLISHED` makes it; nothing is made where an issue is.
"""

import os
import shutil
import sys
from pathlib import Path

from benchmarks.measure import migrated_database, run
from thucthi.ledger.key_files import make_key_file


def publish(published: Path) -> None:
    """In a process of its own: Django keeps to the first database it was given."""
    with migrated_database(None):
        state = Path(os.environ["THUCTHI_STATE"])
        make_key_file(state / "ledger-key")
        run(dict(os.environ), "-m", "django", "load_demonstration")
        take_over(state / "published", published)


def take_over(source: Path, target: Path) -> None:
    """Without checkpoints: they name a longer ledger than the country's, whose worker would refuse to go on."""
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("checkpoint"))


def with_an_issue(published: Path) -> None:
    if not (published / "latest").exists():
        run(dict(os.environ), "-m", "benchmarks.rush.publishing", str(published))


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
