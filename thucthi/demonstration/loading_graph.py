"""What waits for what, across programmes and resolutions, and one circular that is late."""

from datetime import date

from thucthi.demonstration.reading import rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.documents.actions import InstrumentContent, NewStep, enter_stage, owe_instrument
from thucthi.documents.models import Document, Instrument
from thucthi.indicators.actions import set_data_need
from thucthi.intake.tasks import sign_all_tasks
from thucthi.programmes.actions import NewDependency, add_dependency
from thucthi.programmes.actions.task_instruments import Decided, link_task_instrument
from thucthi.programmes.models import Task

SAID_ON = date(2026, 11, 2)
DRAFTING_ON, OPINIONS_ON = date(2026, 3, 2), date(2026, 10, 12)
DECIDED = Decided("MP-20/2026", "Gắn nhiệm vụ với thông tư phải ban hành (mô phỏng)")
DATA_NEEDS = (
    ("ct-cp-nq72-006", "nq72-bac-si-tram", "Điều bác sĩ về nơi còn thiếu (mô phỏng)"),
    ("ct-cp-nq66-007", "nq66-moi-truong-dau-tu", "Chọn điều kiện kinh doanh cần cắt (mô phỏng)"),
)


def load_graph(organisations: dict[str, Organisation], documents: dict[str, Document]) -> None:
    """One circular owed and late, some fifty dependencies, two needs of data; signatures for finding like tasks."""
    circular = _late_circular(organisations, documents)
    tasks = {task.code: task for task in Task.objects.select_related("programme")}
    link_task_instrument(tasks["ct-cp-nq72-006"], circular, by=SYSTEM, decided=DECIDED)
    for row in rows("dependencies.csv"):
        new = NewDependency(
            kind=row["kind"],
            waiting=tasks[row["waiting_code"]],
            needed_code=row["needed_code"],
            lag_days=int(row["lag_days"]),
            reason=row["reason"],
        )
        add_dependency(by=SYSTEM, new=new, on=SAID_ON)
    for code, indicator, reason in DATA_NEEDS:
        set_data_need(tasks[code], by=SYSTEM, indicator_code=indicator, reason=reason, on=SAID_ON)
    sign_all_tasks()


def _late_circular(organisations: dict[str, Organisation], documents: dict[str, Document]) -> Instrument:
    content = InstrumentContent(
        code="nq72-tt-luan-phien",
        type="circular",
        title="Quy định chế độ luân phiên bác sĩ về trạm y tế xã (mô phỏng)",
        drafter=organisations["byt"],
        deadline_raw="30/6/2026",
        is_simulated=True,
    )
    circular = owe_instrument(documents["nq72"], by=SYSTEM, content=content, on=DRAFTING_ON)
    for stage, day in (("drafting", DRAFTING_ON), ("opinions", OPINIONS_ON)):
        step = NewStep(stage, day, note="Mô phỏng", is_simulated=True)
        enter_stage(circular, by=SYSTEM, step=step, on=OPINIONS_ON)
    return circular
