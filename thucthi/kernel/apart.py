"""Work with a large library in a process of its own, so that no process that stays carries the library (ADR 0046).

What prints, signs, draws pictures and writes workbooks is asked for now and then, and takes tens of megabytes for as
long as the process lives that loaded it. The asking side names a function, as a setting would; only the child loads
its module. Both sides are ours and what passes between them is what was given and what comes back: files from
outside are read with limits (kernel/confinement.py).
"""

import os
import pickle
import pkgutil
import sys
import traceback
from typing import Any

from thucthi.kernel.confinement import BARE_ENVIRONMENT, Ended, heard_from, keep_for_answers

# Where the system's libraries and fonts are found, and where files may be put that are gone afterwards.
HANDED_ON = ("DYLD_FALLBACK_LIBRARY_PATH", "HOME", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "XDG_CACHE_HOME")


def apart(work: str, *given: Any, wall_seconds: float = 60) -> Any:
    """What the function `module:name` answers to `given`: simple values and dataclasses of ours, there and back.

    Raises what the function raised, and Ended where it did not answer. It has no settings, no database and no language.
    """
    environment = {**BARE_ENVIRONMENT, **{name: os.environ[name] for name in HANDED_ON if name in os.environ}}
    asked = pickle.dumps((work, given), pickle.HIGHEST_PROTOCOL)
    status, said = heard_from(["thucthi.kernel.apart"], asked, wall_seconds, environment)
    if status:
        raise Ended(status=status)
    error, answer = pickle.loads(said)  # noqa: S301 - from our own child
    if error is not None:
        raise error
    return answer


def _answer(asked: bytes) -> bytes:
    try:
        work, given = pickle.loads(asked)  # noqa: S301 - from our own parent
        function = pkgutil.resolve_name(work)
        return pickle.dumps((None, function(*given)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        error.add_note(f"apart: {traceback.format_exc()}")
        return portable(error)


def portable(error: Exception) -> bytes:
    """An answer (error, None) to be sent to another process: the error itself where it survives that, else its text."""
    try:
        written = pickle.dumps((error, None))
        pickle.loads(written)  # noqa: S301 - our own bytes
    except Exception:
        return pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), None))
    return written


if __name__ == "__main__":
    with keep_for_answers() as answers:
        answers.write(_answer(sys.stdin.buffer.read()))
