"""The arithmetic of `make ha-test`, with planted faults: a lost write, a doubled one, a silence."""

from collections import Counter

from tests.ha.reckoning import Standing, longest_silence, reckon
from tests.ha.writers import Write


def _write(key: str, acknowledged: float | None, *, report: int = 1, doubts: int = 0, begun: float = 0.0) -> Write:
    return Write(0, key, "nv", key, begun, acknowledged, report, 1 + doubts, doubts)


def _standing(*kept: Write) -> Standing:
    reports = {write.key: write.report or 0 for write in kept}
    return Standing(reports, Counter((write.code, write.period) for write in kept), Counter(reports.values()))


def test_nothing_lost() -> None:
    writes = [_write("a", 1.0), _write("b", 2.5, report=2, doubts=1, begun=0.5)]
    told = reckon(writes, _standing(*writes), 0.0, 3.0)
    assert (told.acknowledged, told.lost, told.doubtful, told.doubled) == (2, (), 1, ())
    assert (told.silence, told.longest) == (1.5, 2.0)


def test_a_lost_write_is_named() -> None:
    kept, gone = _write("a", 1.0), _write("b", 2.0, report=2)
    assert reckon([kept, gone], _standing(kept), 0.0, 3.0).lost == ("b",)


def test_what_was_not_acknowledged_cannot_be_lost() -> None:
    assert reckon([_write("a", None)], _standing(), 0.0, 3.0).lost == ()


def test_a_second_report_for_one_write_is_named() -> None:
    once = _write("a", 1.0)
    twice = Standing({"a": 1}, Counter({("nv", "a"): 2}), Counter({1: 1}))
    assert reckon([once], twice, 0.0, 3.0).doubled == ("a",)


def test_a_second_entry_in_the_ledger_is_named() -> None:
    once = _write("a", 1.0)
    assert reckon([once], Standing({"a": 1}, Counter({("nv", "a"): 1}), Counter({1: 2})), 0.0, 3.0).doubled == ("a",)


def test_an_answer_that_names_another_report_is_named() -> None:
    once = _write("a", 1.0, report=7)
    assert reckon([once], Standing({"a": 1}, Counter({("nv", "a"): 1}), Counter({1: 1})), 0.0, 3.0).doubled == ("a",)


def test_silence_counts_the_ends_of_the_window() -> None:
    assert longest_silence([5.0], 0.0, 6.0) == 5.0
    assert longest_silence([], 0.0, 6.0) == 6.0
    assert longest_silence([1.0, 2.0, 9.0], 0.0, 3.0) == 1.0
