"""A publisher in a process of its own, which kills itself before a given line of thucthi.publication.files.

    python publisher.py ROOT GENERATION LINE      LINE 0: runs to the end and prints how many lines it ran

Publishes one small issue as the actions do: writes it, gives it its address, renews the corrections, moves the front.
"""

import os
import signal
import sys
from types import FrameType
from typing import Any

from django.conf import settings

FILES = 60


def content(generation: int) -> list[tuple[str, bytes]]:
    """Some files stay the same from one generation to the next, as in life."""
    rows = [("index.html", f"<p>Kỳ {generation}</p>".encode()), ("issue.json", b"{}")]
    rows += [(f"nhiem-vu/{n}/index.html", f"{n} {generation if n % 3 else 0}".encode() * 50) for n in range(FILES)]
    return rows


def main(root: str, generation: int, fatal_line: int) -> None:
    settings.configure(PUBLISHED_ROOT=root, PUBLISHED_DURABLE=False)
    from thucthi.publication import files

    ran = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal ran
        if frame.f_code.co_filename != files.__file__:
            return None
        if event == "line":
            ran += 1
            if ran == fatal_line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    written = files.write_issue(content(generation))
    files.put_before_the_public(written.manifest_hash, f"2026-W{generation:02d}")
    files.write_corrections([{"issue": f"2026-W{generation:02d}"}])
    files.make_latest(written.manifest_hash)
    sys.settrace(None)
    sys.stdout.write(f"{ran}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
