"""What took long is kept for a while with its moment; what did not is found anew."""

from itertools import count

import pytest

from thucthi.kernel.answers import Answer, Answers


def test_what_is_found_at_once_is_never_kept() -> None:
    kept, numbers = Answers(slow=60), count()
    assert [kept.answer("a", lambda: next(numbers)) for _ in range(3)] == [Answer(0), Answer(1), Answer(2)]


def test_what_took_long_is_kept_for_its_question_alone() -> None:
    kept, numbers = Answers(slow=0), count()
    first, again, other = (kept.answer(question, lambda: next(numbers)) for question in ("a", "a", "b"))
    assert (first, again.value, other) == (Answer(0), 0, Answer(1))
    assert again.kept_since is not None
    kept.forget()
    assert kept.answer("a", lambda: next(numbers)) == Answer(2)


def test_what_is_too_old_and_what_is_too_much_is_dropped() -> None:
    old, numbers = Answers(slow=0, seconds=0), count()
    assert [old.answer("a", lambda: next(numbers)).value for _ in range(2)] == [0, 1]
    few = Answers(slow=0, most=2)
    assert [few.answer(question, lambda: next(numbers)).value for question in "abcba"] == [2, 3, 4, 3, 5]


def test_a_failure_is_kept_by_nobody() -> None:
    kept = Answers(slow=0)
    with pytest.raises(ZeroDivisionError):
        kept.answer("a", lambda: 1 // 0)
    assert kept.answer("a", lambda: 1) == Answer(1)


def test_whoever_comes_while_it_is_found_anew_gets_the_one_before() -> None:
    kept = Answers(slow=0, seconds=0)
    assert kept.answer("a", lambda: 1).value == 1
    inside = []

    def slowly() -> int:
        inside.append(kept.answer("a", lambda: 3))
        return 2

    assert kept.answer("a", slowly).value == 2
    assert [(each.value, each.kept_since is not None) for each in inside] == [(1, True)]
