"""Two people at once at one owed text: one wins, the other is told, nothing is written twice."""

from datetime import date

import pytest

from tests.documents.instruments_world import TODAY, Owing, make_owing
from tests.programmes.test_races import at_once
from thucthi.documents.actions import NewClock, NewStep, enter_stage, owe_instrument, set_statutory_clock
from thucthi.documents.models import Instrument, InstrumentStep, StatutoryClock
from thucthi.ledger.models import Entry


@pytest.fixture
def owing(fresh_database: str) -> Owing:
    return make_owing()


def test_one_stage_is_entered_once(owing: Owing) -> None:
    instrument, drafter, keeper = owing.owed(), owing.drafter, owing.keeper
    step = NewStep("proposal", date(2026, 5, 4))
    outcomes = at_once(
        *(
            lambda by=by: enter_stage(instrument, by=by, step=step, on=TODAY, after="")
            for by in (drafter, keeper, drafter, keeper)
        )
    )
    assert outcomes == ["", "Stale", "Stale", "Stale"]
    assert InstrumentStep.objects.count() == Entry.objects.filter(event="instrument.stage_entered").count() == 1


def test_codes_are_given_once(owing: Owing) -> None:
    keeper, contents = owing.keeper, [owing.content(title=f"Nghị định {number}") for number in range(4)]
    outcomes = at_once(
        *(
            lambda content=content: owe_instrument(owing.document, by=keeper, content=content, on=TODAY)
            for content in contents
        )
    )
    assert outcomes == ["", "", "", ""]
    codes = list(Instrument.objects.order_by("code").values_list("code", flat=True))
    assert codes == [f"nq57-vb-0{number}" for number in range(1, 5)]


def test_one_time_of_the_law_stands(owing: Owing) -> None:
    keeper, new = owing.keeper, NewClock("decree", "opinions", 20, "calendar", "Luật mẫu, Điều 9", date(2026, 1, 1))
    outcomes = at_once(*(lambda: set_statutory_clock(by=keeper, new=new) for _ in range(3)))
    assert outcomes == ["", "Refused", "Refused"]
    assert StatutoryClock.objects.count() == 1
