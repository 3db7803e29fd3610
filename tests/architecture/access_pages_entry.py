"""What fills the addresses of entering values: a file that a reporter of the leading province sent, and was checked."""

from typing import Any

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.indicators.actions.uploads import Outcome, keep_outcome, start_checking, take_upload


def pages_of_entry(state: State) -> dict[str, dict[str, Any]]:
    sender = state.viewer(Role.REPORTER, state.province)
    upload = take_upload(by=sender, organisation=state.province, file_name="so-lieu.csv", content=b"x")
    start_checking(upload, by=SYSTEM)
    keep_outcome(upload, by=SYSTEM, outcome=Outcome(1, 0, 0, 0, 1, [], []))
    plain = ("entry", "value", "grid", "grid_row", "template", "send_file")
    of_the_file = ("upload", "confirm_upload", "drop_upload")
    return {f"indicators:{name}": {} for name in plain} | {
        f"indicators:{name}": {"pk": upload.pk} for name in of_the_file
    }
