"""The process in which a table from outside is read: `python -m thucthi.indicators.worksheets.worker FILE SECONDS`.

Prints one line of JSON for every row, [number, cells, places of percentages], and ends with 0; or ends with 2 after
one sentence that says why not. What reads the file is loaded before the limits are set: they bound the file's share.
"""

import json
import os
import resource
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

from thucthi.indicators.worksheets.faults import TOO_HEAVY, Unreadable
from thucthi.indicators.worksheets.reading import rows_of

UNREADABLE = 2
_MEGABYTE = 1024 * 1024
MOST_MEMORY = 250 * _MEGABYTE
"""Of the 400 MB promised for an import; the rest belongs to the process that records the rows."""
_MOST_OPEN_FILES = 32


def main(path: Path, seconds: int) -> int:
    _set_limits(seconds)
    out = sys.stdout
    try:
        for row in rows_of(path):
            cells = [_plain(cell) for cell in row.cells]
            # ASCII escapes carry even half a surrogate pair through the pipe.
            out.write(json.dumps([row.number, cells, row.percents], separators=(",", ":")) + "\n")
    except Unreadable as fault:
        said = str(fault)
    except MemoryError:
        said = TOO_HEAVY
    else:
        return 0
    out.write(json.dumps(said) + "\n")
    return UNREADABLE


def _plain(cell: object) -> object:
    """What JSON has no word for travels as {"day": …}; a time of day as its text."""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return str(cell) if isinstance(cell, time | timedelta | bool) else cell


def _set_limits(seconds: int) -> None:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + 1 + seconds, grace=1)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    with suppress(OSError):  # only Linux tells; elsewhere the wall clock and the counted rows remain
        mapped, resident = map(int, Path("/proc/self/statm").read_text("ascii").split()[:2])
        page = os.sysconf("SC_PAGE_SIZE")
        _lower(resource.RLIMIT_AS, (mapped - resident) * page + MOST_MEMORY)


def _lower(limit: int, most: int, *, grace: int = 0) -> None:
    """At `most` the process is told, `grace` later it is ended."""
    _, hard = resource.getrlimit(limit)
    last = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    resource.setrlimit(limit, (min(most, last), last))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
