"""The process in which a file from outside is read: `python -m thucthi.intake.reading.worker TASK FILE SECONDS [DAY]`.

Prints JSON and ends with 0, or one sentence that says why not and ends with 2. What reads the file is loaded before
the limits are set, so that they bound the file's share alone.
"""

import gc
import json
import sys
from datetime import date
from pathlib import Path

from thucthi.intake.reading.files.extraction import extract
from thucthi.intake.reading.files.faults import TOO_HEAVY, Unreadable
from thucthi.intake.reading.output import to_full
from thucthi.intake.reading.read import read
from thucthi.kernel.confinement import keep_for_answers, set_limits

UNREADABLE = 2
_MEGABYTE = 1024 * 1024
MOST_MEMORY = 280 * _MEGABYTE
"""Of the 300 MB promised; the rest is for pages of libraries that are mapped and not yet touched."""


def main(task: str, path: Path, seconds: int, as_of: date | None) -> int:
    """The exit status. `task` is "read" or "extract"; `seconds` of processor time are granted from now on."""
    answers = keep_for_answers()
    # What is built here lives to the end of the process; looking for cycles in it would only take time.
    gc.disable()
    set_limits(seconds, MOST_MEMORY)
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


if __name__ == "__main__":
    _task, _file, _seconds, *_day = sys.argv[1:]
    sys.exit(main(_task, Path(_file), int(_seconds), date.fromisoformat(_day[0]) if _day else None))
