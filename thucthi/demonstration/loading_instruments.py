"""What the resolutions of the demonstration owe, how far each text has come, money of some tasks, two starts."""

from datetime import date
from decimal import Decimal

from thucthi.demonstration.loading_intent import clauses_by_place
from thucthi.demonstration.reading import Row, day, parts, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.actions import (
    InstrumentContent,
    NewClock,
    NewStep,
    answer_conflict,
    enter_stage,
    owe_instruments,
    set_statutory_clock,
    state_conflict,
)
from thucthi.documents.models import Clause, Document, Instrument
from thucthi.programmes.actions import (
    Decided,
    NewFunding,
    allocate_funding,
    correct_funding,
    link_task_instrument,
    start_task,
    state_disbursement,
)
from thucthi.programmes.models import Funding, Task

SHOWN_ON = date(2026, 11, 23)
WRITTEN_LATER = "Các giai đoạn trước chưa ghi (mô phỏng)"
LINKED = Decided("Quyết định mô phỏng số 01", "Nghị quyết giao nhiệm vụ ban hành văn bản (mô phỏng)")
# Not the law: the demonstration knows no source for a time of the law, and says so.
CLOCKS = (("decree", "opinions", 60), ("circular", "appraisal", 20), ("decree", "appraisal", 30))
STARTS = (("ct-cp-nq57-012", date(2025, 8, 19)), ("kh-22-nq70-002", date(2026, 2, 27)))


def load_instruments(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """Owed texts with their stages, one late, one contradicted; fundings with a correction; two projects started."""
    for type_, stage, days in CLOCKS:
        basis = "Thời hạn mô phỏng, không phải quy định có thật"
        set_statutory_clock(by=SYSTEM, new=NewClock(type_, stage, days, "calendar", basis, date(2025, 1, 1)))
    clauses, told = clauses_by_place(), rows("instruments.csv")
    tasks = {task.code: task for task in Task.objects.filter(is_issued=True)}
    for slug in dict.fromkeys(row["document"] for row in told):
        own = [row for row in told if row["document"] == slug]
        contents = [_content(row, organisations, clauses) for row in own]
        made = owe_instruments(documents[slug], by=SYSTEM, contents=contents, on=SHOWN_ON)
        for row, instrument in zip(own, made, strict=True):
            _enter(row, instrument)
            if row["task"]:
                link_task_instrument(tasks[row["task"]], instrument, by=SYSTEM, decided=LINKED)
    _contradict(organisations, documents)
    _fund(tasks)
    for code, on in STARTS:
        start_task(tasks[code], by=SYSTEM, started_on=on, decision="Biên bản khởi công mô phỏng", on=SHOWN_ON)


def _content(row: Row, organisations: dict[str, Organisation], clauses: dict[str, Clause]) -> InstrumentContent:
    return InstrumentContent(
        type=row["type"],
        title=row["title"],
        drafter=organisations[row["drafter"].lower()],
        clause=clauses.get(f"{row['document']}:{row['clause']}"),
        deadline_raw=row["deadline_raw"],
        legal_basis=row["legal_basis"],
        compliance_cost=row["compliance_cost"],
        new_procedures=int(row["new_procedures"]) if row["new_procedures"] else None,
        is_simulated=True,
    )


def _enter(row: Row, instrument: Instrument) -> None:
    for stage, _, on in (step.partition("=") for step in parts(row["stages"])):
        final = "Số mô phỏng" if stage in {"issued", "in_force"} else ""
        step = NewStep(stage, date.fromisoformat(on), final, WRITTEN_LATER, is_simulated=True)
        enter_stage(instrument, by=SYSTEM, step=step, on=SHOWN_ON)


def _contradict(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    late = Instrument.objects.get(document=documents["nq70"], title__startswith="Thông tư về kiểm toán")
    state_conflict(
        late,
        by=SYSTEM,
        organisation=organisations["btc"],
        text="Mức phí kiểm toán trong dự thảo khác mức đang áp dụng (mô phỏng).",
        on=date(2026, 6, 8),
        other_document=documents["nqcp03-2025"],
    )
    shared = Instrument.objects.get(document=documents["nq66"], title__startswith="Nghị định về phân quyền")
    law = Instrument.objects.get(document=documents["nq66"], title__startswith="Luật sửa đổi về tổ chức")
    answered = state_conflict(
        shared,
        by=SYSTEM,
        organisation=organisations["btp"],
        text="Trùng phạm vi với luật đang sửa (mô phỏng).",
        on=date(2026, 5, 11),
        other_instrument=law,
    )
    answer_conflict(answered, by=SYSTEM, text="Đã bỏ chương II của dự thảo (mô phỏng).", on=date(2026, 6, 22))


def _fund(tasks: dict[str, Task]) -> None:
    for row in rows("fundings.csv"):
        new = NewFunding(Decimal(row["amount"]), day(row["dated_on"]), row["reference"], is_simulated=True)
        task = tasks[row["task"]]
        if row["corrects"]:
            wrong = Funding.objects.get(task=task, reference=row["corrects"])
            correct_funding(wrong, by=SYSTEM, new=new, on=SHOWN_ON)
        elif row["kind"] == "allocated":
            allocate_funding(task, by=SYSTEM, new=new, on=SHOWN_ON)
        else:
            state_disbursement(task, by=SYSTEM, new=new, on=SHOWN_ON)
