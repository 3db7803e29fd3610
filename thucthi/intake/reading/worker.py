"""The process in which a file from outside is read: `python -m thucthi.intake.reading.worker TASK FILE SECONDS [DAY]`.

Prints JSON and ends with 0, or one sentence that says why not and ends with 2. What reads the file is loaded before
the limits are set, so that they bound the file's share alone.
"""

import gc
import json
import logging
import os
import resource
import sys
import warnings
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO

from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import TOO_HEAVY, Unreadable
from thucthi.intake.reading.output import to_full
from thucthi.intake.reading.read import read

UNREADABLE = 2
_MEGABYTE = 1024 * 1024
MOST_MEMORY = 280 * _MEGABYTE
"""Of the 300 MB promised; the rest is for pages of libraries that are mapped and not yet touched."""
_MOST_OPEN_FILES = 32


def main(task: str, path: Path, seconds: int, as_of: date | None) -> int:
    """The exit status. `task` is "read" or "extract"; `seconds` of processor time are granted from now on."""
    answers = _keep_for_answers()
    # What is built here lives to the end of the process; looking for cycles in it would only take time.
    gc.disable()
    _set_limits(seconds)
    try:
        source = extract(path)
        content = to_full(source if task == "extract" else read(source, as_of=as_of))
        # ASCII escapes carry even half a surrogate pair through the pipe.
        said = json.dumps(content, separators=(",", ":"))
        status = 0
    except Unreadable as fault:
        said, status = str(fault), UNREADABLE
    except MemoryError:
        said, status = TOO_HEAVY, UNREADABLE
    with answers:
        answers.write(said.encode())
    return status


def _keep_for_answers() -> BinaryIO:
    """The way to whoever asked, which no parser can print to; what is left of standard error are our own faults."""
    logging.disable()
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return answers


def _set_limits(seconds: int) -> None:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
    _lower(resource.RLIMIT_CPU, processor, grace=1)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    with suppress(OSError):  # only Linux tells; elsewhere the wall clock and the checks of each format remain
        mapped, resident = map(int, Path("/proc/self/statm").read_text("ascii").split()[:2])
        page = resource.getpagesize()
        _lower(resource.RLIMIT_AS, mapped * page + MOST_MEMORY - resident * page)


def _lower(limit: int, most: int, *, grace: int = 0) -> None:
    """At `most` the process is told, `grace` later it is ended."""
    _, hard = resource.getrlimit(limit)
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(limit, (min(most, last), last))


if __name__ == "__main__":
    _task, _file, _seconds, *_day = sys.argv[1:]
    sys.exit(main(_task, Path(_file), int(_seconds), date.fromisoformat(_day[0]) if _day else None))
