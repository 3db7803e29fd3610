"""Something behind every address of owed instruments, money, early clocks and consistency, for access_world."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.documents.actions import InstrumentContent, NewClock, owe_instrument, set_statutory_clock, state_conflict
from thucthi.documents.models import Document
from thucthi.programmes.actions import NewFunding, allocate_funding
from thucthi.programmes.models import Task


def pages_of_instruments(state: State, public: Document, internal: Document, task: Task) -> dict[str, dict[str, Any]]:
    """A decree that the province drafts under the public document, contradicted; a time of the law; money of `viec`."""
    today = timezone.localdate()
    instrument = owe_instrument(
        public, by=SYSTEM, content=InstrumentContent("decree", "Nghị định mẫu", state.province), on=today
    )
    conflict = state_conflict(
        instrument, by=SYSTEM, organisation=state.finance, text="Trái nhau", on=today, other_document=public
    )
    new = NewClock("decree", "opinions", 20, "calendar", "Luật mẫu, Điều 9", date(2026, 1, 1))
    clock = set_statutory_clock(by=SYSTEM, new=new)
    funding = allocate_funding(task, by=SYSTEM, new=NewFunding(Decimal(5), today, "QĐ 1"), on=today)
    one = {"code": instrument.code}
    of_one = ("instrument", "edit_instrument", "enter_stage", "link_issued_document", "state_conflict")
    plain = (
        "documents:drafters", "documents:clocks", "documents:set_clock", "programmes:money", "monitoring:early",
        "monitoring:unfunded", "publication:consistency",
    )  # fmt: skip
    return {
        **{name: {} for name in plain},
        **{f"documents:{name}": one for name in of_one},
        "documents:answer_conflict": {**one, "pk": conflict.pk},
        "documents:end_clock": {"pk": clock.pk},
        "documents:drafter": {"code": state.province.code},
        "documents:owe_instrument": {"slug": public.slug},
        "documents:instruments#public": {"slug": public.slug},
        "documents:instruments#internal": {"slug": internal.slug},
        "monitoring:early_of": {"slug": public.slug},
        "publication:consistency_of#public": {"slug": public.slug},
        "publication:consistency_of#internal": {"slug": internal.slug},
        "programmes:resources#issued": {"code": task.code},
        "programmes:resources#internal": {"code": "viec-noi-bo"},
        "programmes:state_money": {"code": task.code, "kind": "bo-tri"},
        "programmes:correct_money": {"code": task.code, "pk": funding.pk},
        "programmes:start_task": {"code": task.code},
        "programmes:task_instruments": {"code": task.code},
    }
