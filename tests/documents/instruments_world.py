"""A resolution kept by the government, a decree it owes from the ministry of science. All names are invented."""

from dataclasses import dataclass, replace
from datetime import date

from tests.people import State, make_state
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.models import Role
from thucthi.documents.actions import (
    InstrumentContent,
    NewClause,
    NewDocument,
    NewStep,
    enter_stage,
    owe_instrument,
    register_document,
)
from thucthi.documents.models import Document, Instrument, InstrumentStep, InstrumentType

TODAY = date(2026, 11, 2)


@dataclass
class Owing:
    state: State
    document: Document

    @property
    def keeper(self) -> Viewer:
        return self.state.viewer(Role.STEERING_OFFICE, self.state.government)

    @property
    def drafter(self) -> Viewer:
        return self.state.viewer(Role.REPORTER, self.state.science)

    def content(self, **other: object) -> InstrumentContent:
        content = InstrumentContent(
            InstrumentType.DECREE,
            "Nghị định về dữ liệu dùng chung",
            self.state.science,
            clause=self.document.clauses.get(path="1"),
            deadline_raw="30/6/2026",
            legal_basis="Luật mẫu, Điều 5",
        )
        return replace(content, **other)

    def owed(self, **other: object) -> Instrument:
        return owe_instrument(self.document, by=self.keeper, content=self.content(**other), on=TODAY)

    def enter(self, instrument: Instrument, stage: str, day: date, **other: str) -> InstrumentStep:
        return enter_stage(instrument, by=self.drafter, step=NewStep(stage, day, **other), on=TODAY)

    def other_document(self, slug: str, number: str, issued_on: date, security: str = "public") -> Document:
        new = NewDocument(
            slug=slug,
            number=number,
            symbol="/NĐ-CP",
            year=issued_on.year,
            issuer=self.state.government,
            type="decree",
            issued_on=issued_on,
            title=f"Nghị định mẫu {number}",
            register=self.state.government,
            security=security,
        )
        return register_document(by=SYSTEM, new=new)


def make_owing(security: str = "public") -> Owing:
    state = make_state()
    text = "Xây dựng nghị định về dữ liệu.\nĐào tạo cán bộ."
    new = NewDocument(
        slug="nq57",
        number="57",
        symbol="-NQ/TW",
        year=2025,
        issuer=state.committee,
        type="resolution",
        issued_on=date(2025, 12, 22),
        title="Nghị quyết mẫu",
        register=state.government,
        text=text,
        security=security,
        clauses=(NewClause("1", 0, 30), NewClause("2", 31, len(text))),
    )
    return Owing(state, register_document(by=SYSTEM, new=new))
