"""How clear a task is as the document words it: seven criteria, before anyone has completed the draft (D16, D17).

What a programme may issue is judged more strictly, by `programmes.calculations.clarity`; here a lead that is a
collective is doubtful, not missing, since the document did name somebody.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from thucthi.intake.reading.rules import rules
from thucthi.intake.reading.shapes import TaskRead
from thucthi.kernel.deadlines import Deadline
from thucthi.programmes.calculations import PROFILES, Criterion, TaskFacts, Verdict, words
from thucthi.programmes.calculations.clarity import worst
from thucthi.programmes.calculations.criteria import TESTS

# A range may last as long as half a term before it needs places to stop and look.
_LONGEST_RANGE = timedelta(days=3 * 366)
_ABOUT_SEVERAL_WORKS = "nhiều việc độc lập"


def _any_of(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def _deciding() -> re.Pattern[str]:
    said = rules("deciding")
    instruments, deciders = _any_of(said["instruments"]), _any_of(said["deciders"])
    return re.compile(
        rf"\b{instruments}\b[^,;.]{{0,40}}?\b(?:của )?(?:các )?{deciders}\b"
        rf"|\b{_any_of(said['submitting_verbs'])}[^,;.:]{{0,30}}\b{deciders}\b"
        rf"|\bban hành {_any_of(said['speaking_instruments'])}\b|^{_any_of(said['speaking_instruments'])}\b",
        re.MULTILINE,
    )


_CITED = re.compile(r"\b(?:theo|tại|thay thế|sửa đổi|bổ sung|thực hiện) [^,;]*?số \d[^\s]*[^,;.]*")
_DECIDING = _deciding()
_VAGUELY_DECIDING = re.compile(_any_of(rules("deciding")["vague"]))
_HEAD_ANSWERS = re.compile(
    rf"\b{_any_of(rules('deciding')['posts'])}\b[^.;]{{0,120}}\bchịu trách nhiệm\b"
    r"|\btrách nhiệm (?:của )?người đứng đầu\b"
)
_MONEY = re.compile(_any_of(rules("deciding")["money"]))
_LOOSE_VERBS = tuple(rules("deciding")["loose_verbs"])
_LEAST_WORDS = 4
_AMOUNT = re.compile(rules("deciding")["amount"])


def judged(task: TaskRead, issued_on: date | None) -> TaskRead:
    """The task with its verdict on each criterion, keys in the order of the "7 rõ"."""
    found = {
        Criterion.WORK: _work(task),
        Criterion.PERSON: _person(task),
        Criterion.RESPONSIBILITY: _responsibility(task),
        Criterion.AUTHORITY: _authority(task),
        Criterion.TIME: _time(task.deadline, issued_on),
        Criterion.RESULT: _from_programmes(task, Criterion.RESULT),
        Criterion.RESOURCES: _resources(task),
    }
    return replace(task, clarity={criterion.value: verdict.value for criterion, verdict in found.items()})


def _from_programmes(task: TaskRead, criterion: Criterion) -> Verdict:
    said = task.action or task.text
    product = task.product or ""
    facts = TaskFacts(text=said, product=product, acceptance_criterion=product)
    notes = TESTS[criterion](facts, PROFILES["seven"])
    return worst([note.verdict for note in notes if _ABOUT_SEVERAL_WORKS not in note.reason])


def _work(task: TaskRead) -> Verdict:
    """A title such as "Đề án …" names the work by its product; a look or a watch ends in nothing by itself."""
    said = words.spoken(task.action or task.text)
    if words.opens_with(said, words.PRODUCT_NOUNS):
        return Verdict.MET
    verdict = _from_programmes(task, Criterion.WORK)
    if verdict is Verdict.MISSING and len(said.split()) >= _LEAST_WORDS:
        return Verdict.DOUBTFUL
    is_shown = words.names_a_quantity(said) or words.promises_something_firm(said)
    is_loose = words.opens_with(said, _LOOSE_VERBS) is not None and not is_shown
    return Verdict.DOUBTFUL if verdict is Verdict.MET and is_loose else verdict


def _person(task: TaskRead) -> Verdict:
    if not task.lead:
        return Verdict.MISSING
    return Verdict.MET if len(task.lead) == 1 and not task.collective_lead else Verdict.DOUBTFUL


def _responsibility(task: TaskRead) -> Verdict:
    return Verdict.MET if task.head or _HEAD_ANSWERS.search(task.text.lower()) else Verdict.MISSING


def _authority(task: TaskRead) -> Verdict:
    product = (task.product or "").lower()
    said = _CITED.sub(" ", task.text.lower())
    if _VAGUELY_DECIDING.search(product):
        return Verdict.DOUBTFUL
    if _DECIDING.search(product) or _DECIDING.search(said):
        return Verdict.MET
    return Verdict.DOUBTFUL if _VAGUELY_DECIDING.search(said) else Verdict.MISSING


def _time(deadline: Deadline | None, issued_on: date | None) -> Verdict:
    if deadline is None or (deadline.kind == "none" and not deadline.is_unreadable):
        return Verdict.MISSING
    begins = deadline.start or issued_on
    if deadline.end is None:
        return Verdict.MET if deadline.recurrence and "@" in deadline.recurrence else Verdict.DOUBTFUL
    is_long = deadline.start is not None and begins is not None and deadline.end - begins > _LONGEST_RANGE
    return Verdict.DOUBTFUL if is_long and not deadline.milestones else Verdict.MET


def _resources(task: TaskRead) -> Verdict:
    said = f"{task.resources or ''}".lower()
    if _AMOUNT.search(said):
        return Verdict.MET
    return Verdict.DOUBTFUL if said.strip() or _MONEY.search(task.text.lower()) else Verdict.MISSING
