"""In what order two hands take their jobs."""

from itertools import count

from thucthi.demonstration.simulation.hands import Board, Job


def _job(name: str, seconds: float = 1, *after: str, alone: bool = False) -> Job:
    return Job(name, lambda _cursor: None, 0, seconds, frozenset(after), alone)


def _board(*jobs: Job) -> Board:
    """Every moment is a second later than the one before."""
    moments = count(1)
    return Board(list(jobs), clock=lambda: float(next(moments)))


def _names(*jobs: Job | None) -> list[str | None]:
    return [job and job.name for job in jobs]


def test_the_longest_begins_first() -> None:
    board = _board(_job("short"), _job("long", 3), _job("middle", 2))
    assert _names(board.take(), board.take(), board.take(), board.take()) == ["long", "middle", "short", None]


def test_what_needs_another_waits_for_it() -> None:
    board = _board(_job("index", 9, "rows"), _job("rows"))
    rows = board.take()
    assert _names(rows, board.take()) == ["rows", None]
    assert rows is not None
    assert board.finish(rows) == 1
    assert _names(board.take()) == ["index"]


def test_what_must_be_alone_waits_for_those_that_began_before_its_rows_stood() -> None:
    board = _board(_job("rows", 5), _job("other", 4), _job("measure", 9, "rows", alone=True), _job("later"))
    rows, other = board.take(), board.take()
    assert rows is not None
    assert other is not None
    board.finish(rows)
    later = board.take()
    assert _names(rows, other, later) == ["rows", "other", "later"]
    board.finish(other)
    assert _names(board.take()) == ["measure"]
