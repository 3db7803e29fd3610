"""Two ministries with a programme each, under two resolutions, and one circular that the first resolution owes.

`ct-a` of science (a-1, a-2), `ct-b` of finance (b-1, b-2), `ct-kin` of finance on an internal document (kin-1).
"""

from dataclasses import dataclass, field
from datetime import date

from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Organisation, Role
from thucthi.documents.actions import NewDocument, register_document
from thucthi.documents.models import Document, Instrument, InstrumentType
from thucthi.programmes.models import Programme, ProgrammeBasis, Task, TaskEvent, TaskEventKind

ISSUED_ON, TODAY = date(2026, 1, 5), date(2026, 11, 30)


@dataclass
class World:
    state: State
    documents: dict[str, Document]
    circular: Instrument
    tasks: dict[str, Task] = field(default_factory=dict)

    @property
    def editor(self) -> Viewer:
        return self.state.viewer(Role.PROGRAMME_EDITOR, self.state.science)

    @property
    def steering(self) -> Viewer:
        return self.state.viewer(Role.STEERING_OFFICE, self.state.government)


def document(state: State, slug: str, number: str, security: str = "public") -> Document:
    new = NewDocument(
        slug=slug, number=number, symbol="-NQ/TW", year=2025, issuer=state.committee, type="resolution",
        issued_on=date(2025, 3, 1), title=f"Nghị quyết mẫu {slug}", register=state.finance, security=security,
    )  # fmt: skip
    return register_document(by=SYSTEM, new=new)


def programme(owner: Organisation, code: str, basis: Document) -> Programme:
    made = Programme.objects.create(
        code=code, organisation=owner, title=f"Chương trình mẫu {code}", issued_on=ISSUED_ON, issued_as="1/CTr"
    )
    ProgrammeBasis.objects.create(programme=made, document=basis)
    return made


def task(programme: Programme, code: str, lead: Organisation, **more: object) -> Task:
    values = {
        "text": f"Việc mẫu {code}", "product": "Báo cáo", "deadline_kind": "date", "deadline_raw": "31/12/2026",
        "resolved_end": date(2026, 12, 31), "is_issued": True, "search_text": code,
    }  # fmt: skip
    made = Task.objects.create(programme=programme, code=code, lead=lead, **(values | more))
    TaskEvent.objects.create(task=made, kind=TaskEventKind.ISSUED, happened_on=ISSUED_ON)
    return made


def make_world(**ends: date) -> World:
    """`ends`: the last days of tasks, by code with "_" for "-"; 31/12/2026 for the others."""
    state = make_state()
    documents = {
        "mot": document(state, "nq-mot", "1"),
        "hai": document(state, "nq-hai", "2"),
        "kin": document(state, "nq-kin", "3", "internal"),
    }
    circular = Instrument.objects.create(
        code="tt-mau", document=documents["mot"], type=InstrumentType.CIRCULAR, title="Thông tư mẫu",
        drafter=state.science, due_on=date(2026, 9, 30),
    )  # fmt: skip
    first = programme(state.science, "ct-a", documents["mot"])
    second = programme(state.finance, "ct-b", documents["hai"])
    hidden = programme(state.finance, "ct-kin", documents["kin"])
    owners = {"a": (first, state.science), "b": (second, state.finance), "kin": (hidden, state.finance)}
    made = []
    for code in ("a-1", "a-2", "b-1", "b-2", "kin-1"):
        basis, lead = owners[code.split("-")[0]]
        end = ends.get(code.replace("-", "_"), date(2026, 12, 31))
        made.append(task(basis, code, lead, resolved_end=end, deadline_raw=f"{end:%d/%m/%Y}"))
    return World(state, documents, circular, {row.code: row for row in made})
