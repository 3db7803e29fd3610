"""Asks the worker for outlooks, in a process of its own and within bounded time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import thucthi
from thucthi.monitoring.forecasting.lines import line_of_series, outlook_of_line
from thucthi.monitoring.forecasting.shapes import Outlook, Series

AT_ONCE = 200
# Two seconds a series is several times what one takes on a busy machine; the library itself takes some to load.
SECONDS_EACH = 2
SECONDS_TO_START = 60
_ROOT = Path(thucthi.__file__).resolve().parents[1]
# Nothing of the parent's environment: it holds secrets.
_ENVIRONMENT = {
    "PYTHONPATH": str(_ROOT),
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}


def outlooks(group: Sequence[Series], seconds: int | None = None) -> list[Outlook]:
    """What one worker answers in time; the process ends with the call, whatever happens.

    A series that could not be answered in time, or on which the worker broke, is left out: its earlier forecast stays.
    """
    seconds = seconds or SECONDS_TO_START + SECONDS_EACH * len(group)
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "thucthi.monitoring.forecasting.worker", str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
    )
    sent = "".join(json.dumps(line_of_series(one)) + "\n" for one in group)
    try:
        said, _ = child.communicate(sent.encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        said, _ = child.communicate()
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise
    return [outlook_of_line(json.loads(line)) for line in _whole_lines(said)]


def _whole_lines(said: bytes) -> list[str]:
    """The last line may have been cut off in the middle."""
    whole, _, _ = said.decode().rpartition("\n")
    return whole.splitlines()
