"""A ministry's circular is late; a province's task and target move by it, and stand again when it comes into force.

The resolution owes a circular. The ministry's task is to bring it into force; the province needs it to begin.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import State, make_state
from tests.programmes.dependencies.world import document, programme, task
from thucthi.directory.models import Role
from thucthi.documents.models import Document, Instrument, InstrumentStep, StatutoryClock
from thucthi.indicators.models import Contribution, Indicator, Target
from thucthi.kernel.working_days import add_working_days, working_days_between
from thucthi.monitoring.selectors.graph_facts import web_around
from thucthi.programmes.actions import NewDependency, add_dependency
from thucthi.programmes.calculations.graph import Node
from thucthi.programmes.models import Task, TaskInstrument

AS_OF = date(2026, 11, 30)
STARTS, ENDS = date(2027, 1, 4), date(2027, 12, 24)
WORK_DAYS = working_days_between(STARTS, ENDS)


class Land:
    """The small state with the resolution, its circular, the two tasks and the province's target."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.resolution: Document = document(state, "nq-mot", "1")
        self.circular = Instrument.objects.create(
            code="tt-dinh-muc", document=self.resolution, type="circular", title="Thông tư về định mức",
            drafter=state.science, due_on=date(2026, 9, 30),
        )  # fmt: skip
        self.of_ministry = task(
            programme(state.science, "ct-bo", self.resolution), "bo-1", state.science,
            text="Ban hành thông tư về định mức", resolved_end=date(2026, 9, 30),
        )  # fmt: skip
        TaskInstrument.objects.create(task=self.of_ministry, instrument=self.circular)
        self.of_province: Task = task(
            programme(state.province, "ct-tinh", self.resolution), "tinh-1", state.province,
            text="Cấp kinh phí theo định mức mới", start_on=STARTS, resolved_end=ENDS,
        )  # fmt: skip
        indicator = Indicator.objects.create(code="ty-le", name="Tỷ lệ xã đạt định mức", direction="rise", unit="%")
        self.target = Target.objects.create(
            code="tinh-ty-le-2027", indicator=indicator, document=self.resolution, operator=">=", low=Decimal(80),
            period="năm", year=2027, organisation=state.province,
        )  # fmt: skip
        Contribution.objects.create(task=self.of_province, indicator=indicator)
        self._law()
        self.enters("drafting", date(2026, 5, 4))

    def _law(self) -> None:
        for stage, days, counting in (
            ("opinions", 20, "calendar"),
            ("appraisal", 15, "working"),
            ("in_force", 45, "calendar"),
        ):
            StatutoryClock.objects.create(
                type="circular", stage=stage, days=days, counting=counting, legal_basis="Luật mẫu",
                valid_from=date(2025, 4, 1),
            )  # fmt: skip

    def enters(self, stage: str, on: date) -> None:
        InstrumentStep.objects.create(instrument=self.circular, stage=stage, entered_on=on)

    def page(self, role: Role = Role.HEAD, name: str = "pushes", **key: str) -> str:
        client = Client()
        client.force_login(
            self.state.person(role, self.state.province), backend="django.contrib.auth.backends.ModelBackend"
        )
        answer = client.get(reverse(f"monitoring:{name}", kwargs=key))
        assert answer.status_code == 200
        return answer.content.decode()

    def expected(self, as_of: date) -> dict[str, date | None]:
        nodes = {
            "circular": Node("instrument", self.circular.pk),
            "ministry": Node("task", self.of_ministry.pk),
            "province": Node("task", self.of_province.pk),
            "target": Node("target", self.target.pk),
        }
        found = web_around(nodes.values(), as_of, onward=True).found
        return {name: found[node].expected for name, node in nodes.items()}


@pytest.fixture
def land(db: None) -> Land:
    return Land(make_state())


def test_a_late_circular_moves_a_province_and_lets_it_go(land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    province = land.state.viewer(Role.PROGRAMME_EDITOR, land.state.province)
    assert land.expected(AS_OF)["province"] == ENDS

    # The province says what it waits for; the ministry's circular is two months late and still being drafted.
    needs = NewDependency("needs_instrument", land.of_province, "tt-dinh-muc", reason="Chưa có định mức thì chưa cấp")
    add_dependency(by=province, new=needs, on=AS_OF)
    in_force = add_working_days(AS_OF + timedelta(20), 15) + timedelta(45)
    moved = add_working_days(add_working_days(in_force, 0), WORK_DAYS)
    late = land.expected(AS_OF)
    assert late == {"circular": in_force, "ministry": in_force, "province": moved, "target": moved}
    assert moved > ENDS
    assert moved > date(2027, 12, 31)

    # The page of the province shows the date, the target, where it comes from and what was assumed.
    monkeypatch.setattr("thucthi.monitoring.views.graph.timezone.localdate", lambda: AS_OF)
    text = land.page()
    assert f"{moved:%d/%m/%Y}" in text
    for shown in ("tinh-1", "tinh-ty-le-2027", "Cần văn bản: tt-dinh-muc", "Chỉ tiêu trông vào việc này"):
        assert shown in text
    for assumed in (
        "Bước “Lấy ý kiến”: tính đủ 20 ngày theo luật định.",
        f"còn cần {WORK_DAYS} ngày làm việc",
        "Đã quá hạn 61 ngày mà chưa xong",
    ):
        assert assumed in text

    # The ministry moves on: opinions have been asked for; the push is smaller, and never grows by progress.
    land.enters("opinions", date(2026, 12, 1))
    land.enters("appraisal", date(2026, 12, 7))
    sooner = land.expected(date(2026, 12, 8))
    assert sooner["province"] is not None
    assert ENDS < sooner["province"] < moved

    # In force before the province's work is due to begin: its date and its target stand as planned.
    land.enters("issued", date(2026, 12, 15))
    land.enters("in_force", date(2026, 12, 31))
    monkeypatch.setattr("thucthi.monitoring.views.graph.timezone.localdate", lambda: date(2027, 1, 4))
    assert land.expected(date(2027, 1, 4)) == {
        "circular": date(2026, 12, 31),
        "ministry": date(2027, 1, 4),
        "province": ENDS,
        "target": date(2027, 12, 31),
    }
    assert "Không ngày nào bị đẩy lùi" in land.page()
    # The past can be computed again and comes out the same: what happened later was not known then.
    assert land.expected(date(2026, 12, 8)) == sooner
    # Issued but not yet in force: the day of coming into force is known from the text.
    assert land.expected(date(2026, 12, 15))["circular"] == date(2026, 12, 31)
