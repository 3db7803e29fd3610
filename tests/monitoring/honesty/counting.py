"""What the nightly job does, for one kind of organisations and one year."""

from datetime import date

from thucthi.directory.access import SYSTEM
from thucthi.monitoring.actions.question_counts import keep_questions
from thucthi.monitoring.models import QuestionCount
from thucthi.monitoring.selectors.question_counts import counted_questions


def count_now(kind: str, year: int, on: date) -> QuestionCount:
    return keep_questions(counted_questions(kind, year, on), by=SYSTEM)
