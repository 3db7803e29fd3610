"""Each act leaves one entry: read from the code of every action, and counted in a run of random deeds (B3)."""

from collections.abc import Callable
from pathlib import Path

from tests.architecture import house
from tests.architecture.test_house import exempted
from tests.trust.bars import bar


def acts() -> int:
    found = [tree for _, path, tree in house.sources(house.PACKAGE) if "actions" in (*path.parts, path.stem)]
    return sum(len(list(house.public_functions(tree))) for tree in found)


@bar("B4")
def test_each_act_records_once_in_its_own_transaction(record_property: Callable[[str, object], None]) -> None:
    assert sorted(set(house.actions_without_one_entry(house.PACKAGE)) - exempted()) == []
    assert acts() > 100
    record_property("measured", f"{acts()} acts")


@bar("B4", planted=True)
def test_an_act_that_records_nothing_is_found(tmp_path: Path) -> None:
    planted = tmp_path / "programmes" / "actions.py"
    planted.parent.mkdir()
    planted.write_text("def act(by):\n    Thing.objects.create()\n", encoding="utf-8")
    assert house.actions_without_one_entry(tmp_path) != []
