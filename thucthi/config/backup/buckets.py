"""What a backup takes out of buckets: evidence that lies in one, and issues that this machine has not fetched yet."""

import json
import os
import subprocess
from pathlib import Path

from thucthi.config.backup.copying import EVIDENCE
from thucthi.config.files_command import without_database
from thucthi.config.supervisor.environment import DJANGO
from thucthi.config.supervisor.progress import Say
from thucthi.config.supervisor.trouble import Trouble


def copy_from_buckets(state: Path, into: Path, earlier: Path | None, say: Say) -> None:
    """Evidence goes to its folder below `into`, issues to their directory in `state`. Raises Trouble.

    A file that the store has lost or changed is named and left out: the rest is worth keeping all the same.
    """
    if os.environ.get("THUCTHI_PUBLISHED_BUCKET"):
        _run(state, "fetch_issues")
    if os.environ.get("THUCTHI_EVIDENCE_BUCKET"):
        (into / EVIDENCE).mkdir(mode=0o700)
        before = ["--earlier", str(earlier / EVIDENCE)] if earlier else []
        wrong = json.loads(_run(state, "copy_evidence", str(into / EVIDENCE), *before))["wrong"]
        if wrong:
            say(
                f"{len(wrong)} tệp trong kho bị mất hoặc bị đổi, không sao lưu được: {', '.join(wrong[:3])}",
                f"{len(wrong)} files of the store are lost or changed and are not in this backup",
            )


def _run(state: Path, *arguments: str) -> str:
    environment = without_database() | {"THUCTHI_STATE": str(state)}
    done = subprocess.run([*DJANGO, *arguments], env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(
            "Không lấy được tệp từ kho S3 nên chưa sao lưu gì; lý do ở dòng dưới.",
            f"The files cannot be read from their bucket: {done.stderr.strip()[-600:]}",
        )
    return done.stdout
