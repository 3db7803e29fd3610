"""A publisher, or a machine that fetches, in a process of its own that kills itself before a given line.

python -m tests.buckets.publisher publish|fetch ROOT ENDPOINT GENERATION LINE
LINE 0: runs to the end and prints how many lines of thucthi.publication.bucket and .fetching it ran
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from tests.buckets.server import PUBLISHED, Store
from tests.publication.publisher import content


def dying(fatal_line: int, of: tuple[str, ...]) -> Callable[[], int]:
    """From now on, in all threads; gives the number of lines so far."""
    lines, ran = count(1), [0]

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename not in of:
            return None
        if event == "line":
            ran[0] = next(lines)
            if ran[0] == fatal_line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    return lambda: ran[0]


def main(what: str, root: str, port: int, generation: int, fatal_line: int) -> None:
    there = {"BACKEND": "thucthi.publication.store.PublishedBucket", "OPTIONS": Store(Path(), port).options(PUBLISHED)}
    settings.configure(PUBLISHED_ROOT=root, PUBLISHED_DURABLE=False, STORAGES={"published": there}, USE_I18N=False)
    from thucthi.publication import bucket, fetching, files

    written = files.write_issue(content(generation)) if what == "publish" else None
    ran = dying(fatal_line, (bucket.__file__, fetching.__file__))
    if written is None:
        assert fetching.Fetching().round() == []
    else:
        name = f"2026-W{generation:02d}"
        bucket.put_issue(written.manifest_hash)
        bucket.put(bucket.beside(files.CORRECTIONS), b'[{"issue":"%s"}]' % name.encode())
        bucket.point(bucket.beside(f"{name}.json"), bucket.Pointer(written.manifest_hash, f"chữ ký {name}\n"))
        bucket.point(bucket.LATEST, bucket.Pointer(written.manifest_hash))
    sys.settrace(None)
    sys.stdout.write(f"{ran()}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
