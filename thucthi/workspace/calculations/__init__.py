"""Arithmetic of attention: when letters go out, and a calendar as a file. No framework, no clock, no database."""

from thucthi.workspace.calculations.calendar_file import Happening, calendar_file, fingerprint
from thucthi.workspace.calculations.mailing import digest_key, digest_moment, one_line, pause_before_retry

__all__ = [
    "Happening",
    "calendar_file",
    "digest_key",
    "digest_moment",
    "fingerprint",
    "one_line",
    "pause_before_retry",
]
