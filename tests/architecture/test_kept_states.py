"""What is made once for many tests comes to each of them as if it were made anew (tests/kept_states.py)."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.kept_states import Kept, States
from tests.people import State, make_state
from tests.sharing import group_of, longest_first
from thucthi.directory.models import Organisation
from thucthi.kernel.sight import NOBODY, look_as, sight, start_of_connection


def make_with_a_file() -> State:
    root = Path(settings.EVIDENCE_ROOT)
    root.mkdir(parents=True)
    (root / "tep.txt").write_text("một", encoding="utf-8")
    transaction.on_commit(_refuse)
    return make_state()


def _refuse() -> None:
    raise AssertionError("what waits for a commit runs in no test")


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_changed_no_other_sees(kept: Kept[State], turn: int) -> None:
    state, file = kept(make_with_a_file), Path(settings.EVIDENCE_ROOT) / "tep.txt"
    assert (state.province.short_name, state.accounts) == ("UBND tỉnh An Bình", {})
    assert Organisation.objects.get(pk=state.province.pk).short_name == "UBND tỉnh An Bình"
    assert (file.read_text(encoding="utf-8"), sight()) == ("một", start_of_connection())
    state.province.short_name = f"đổi {turn}"
    state.province.save()
    file.write_text("đổi", encoding="utf-8")
    look_as(NOBODY)
    # As in every test: somebody else's transaction is open around it, and a savepoint in that.
    assert (connection.in_atomic_block, len(connection.savepoint_ids)) == (True, 1)
    with transaction.atomic(durable=True):
        assert Organisation.objects.count() == 7


def test_what_is_deferred_is_held_at_the_end(kept_states: States, db: None) -> None:
    """A row whose owner is missing is refused when its test ends, as under `db`."""
    with pytest.raises(IntegrityError), kept_states.lent(make_state) as state:
        Organisation.objects.filter(pk=state.commune.pk).update(parent_id=0)
    assert Organisation.objects.count() == 0


def test_a_state_is_told_by_its_function(kept: Kept[State]) -> None:
    def made_here() -> State:
        return make_state()

    with pytest.raises(AssertionError, match="told by its function"):
        kept(made_here)


def test_what_took_longest_comes_first_and_a_group_stays_together() -> None:
    village = "tests/demonstration/simulation/test_village.py"
    tests = ["a.py::short", f"{village}::one", "b.py::long", f"{village}::two", "c.py::new"]
    assert group_of(village) == "village"
    assert longest_first(tests, {"b.py::long": 9.0, "a.py::short": 1.0, f"{village}::two": 4.0}) == [
        "b.py::long", f"{village}::one", f"{village}::two", "a.py::short", "c.py::new",
    ]  # fmt: skip
    assert longest_first(tests, {}) == [
        f"{village}::one", f"{village}::two", "a.py::short", "b.py::long", "c.py::new",
    ]  # fmt: skip
