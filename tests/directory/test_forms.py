"""Naming an organisation in a form: by any name it bears, in doubt with a list, never one that has ended in silence."""

from datetime import date
from typing import Any

import pytest
from django import forms

from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import NewEvent, NewOrganisation, record_event, register_organisations
from thucthi.directory.forms import OrganisationField, OrganisationsField, attempt
from thucthi.directory.models import Organisation, Person
from thucthi.kernel.errors import Fault, Refused

DAY = date(2025, 7, 1)
LAST = "30/06/2025"

pytestmark = pytest.mark.django_db
TWO_HOA = (
    "“ubnd xa hoa” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: "
    "UBND xã Hòa (hoa-1); UBND xã Hòa (hoa-2)."
)
BO_CU = (
    f"Bộ Cũ đã kết thúc hoạt động ngày {LAST}. "
    "Cơ quan tiếp nhận: Bộ Ánh sáng và Nước (bkh); UBND tỉnh Khê Mới (an-khe). Hãy chọn cơ quan này."
)


def _new(code: str, name: str, parent: str = "", **more: Any) -> NewOrganisation:
    return NewOrganisation(
        code=code, tree="state", level="province", kind="body", official_name=name, parent_code=parent, **more
    )


@pytest.fixture
def bodies() -> dict[str, Organisation]:
    specs = [
        _new("cp", "Chính phủ"),
        _new("bkh", "Bộ Ánh sáng và Nước", "cp", short_name="Bộ ASN", aliases=("Bộ Đèn",)),
        _new("an-binh", "UBND tỉnh An Bình", "cp"),
        _new("an-khe", "UBND tỉnh An Khê", "cp"),
        _new("hoa-1", "UBND xã Hòa", "an-binh"),
        _new("hoa-2", "UBND xã Hòa", "an-khe"),
        _new("cu", "Bộ Cũ", "cp"),
        _new("vu-cu", "Ban Không Ai Nối", "cp"),
        _new("nui", "UBND xã Núi", "an-binh"),
        _new("nui-moi", "UBND xã Núi", "an-khe"),
    ]
    made = {row.code: row for row in register_organisations(by=SYSTEM, specs=specs, on=DAY)}
    _happen("split", made["cu"], made["bkh"], made["an-khe"])
    _happen("dissolve", made["vu-cu"])
    _happen("merge", made["nui"], made["an-binh"])
    _happen("rename", made["an-khe"], new_name="UBND tỉnh Khê Mới")
    return made


def _happen(kind: str, gone: Organisation, *heirs: Organisation, **more: str) -> None:
    event = NewEvent(
        code=f"{kind}-{gone.code}",
        kind=kind,
        effective_on=DAY,
        legal_basis="Nghị quyết mô phỏng",
        predecessors=(gone,),
        successors=heirs,
        **more,  # type: ignore[arg-type]
    )
    record_event(by=SYSTEM, event=event)


def _refusal(field: forms.Field, text: str) -> list[str]:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(text)
    return refusal.value.messages


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bkh", "bkh"),
        ("BKH", "bkh"),
        ("  Bộ Ánh sáng và Nước ", "bkh"),
        ("bo anh sang va nuoc", "bkh"),
        ("bộ asn", "bkh"),
        ("bo den", "bkh"),
        ("UBND xã Hòa (hoa-2)", "hoa-2"),
        ("ubnd tinh an khe", "an-khe"),
        ("UBND tỉnh Khê Mới", "an-khe"),
        ("ubnd xa nui", "nui-moi"),
    ],
)
def test_an_organisation_is_known_by_every_name_it_bears_or_bore(
    bodies: dict[str, Organisation], typed: str, code: str
) -> None:
    assert OrganisationField().clean(typed) == bodies[code]


def test_the_field_reads_back_what_it_shows(bodies: dict[str, Organisation]) -> None:
    shown = OrganisationField().prepare_value(bodies["hoa-1"])
    assert shown == "UBND xã Hòa (hoa-1)"
    assert OrganisationField().clean(shown) == bodies["hoa-1"]


def test_two_of_one_name_are_listed_to_choose_from(bodies: dict[str, Organisation]) -> None:
    assert _refusal(OrganisationField(), "ubnd xa hoa") == [TWO_HOA]


def test_a_part_of_a_name_lists_what_it_may_mean(bodies: dict[str, Organisation]) -> None:
    assert _refusal(OrganisationField(), "anh sang") == [
        "“anh sang” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: Bộ Ánh sáng và Nước (bkh)."
    ]


def test_an_unknown_name_is_said_to_be_unknown(bodies: dict[str, Organisation]) -> None:
    assert _refusal(OrganisationField(), "zzzz qqqq") == ["Không tìm thấy cơ quan “zzzz qqqq”. Hãy ghi tên chính thức."]


@pytest.mark.parametrize("typed", ["cu", "bo cu", "Bộ Cũ (cu)"])
def test_one_that_has_ended_is_answered_with_its_successors(bodies: dict[str, Organisation], typed: str) -> None:
    assert _refusal(OrganisationField(), typed) == [BO_CU]
    assert OrganisationField(takes_ended=True).clean(typed) == bodies["cu"]


def test_one_that_has_ended_without_successor_says_so(bodies: dict[str, Organisation]) -> None:
    assert _refusal(OrganisationField(), "ban khong ai noi") == [
        f"Ban Không Ai Nối đã kết thúc hoạt động ngày {LAST} và chưa có cơ quan tiếp nhận. Hãy chọn nơi khác."
    ]


def test_an_empty_field(bodies: dict[str, Organisation]) -> None:
    assert _refusal(OrganisationField(), "  ") == ["Hãy ghi tên hoặc mã cơ quan."]
    assert OrganisationField(required=False).clean("  ") is None


def test_what_lies_outside_the_allowed_is_as_if_unknown(bodies: dict[str, Organisation]) -> None:
    field = OrganisationField(within=lambda: [bodies["hoa-1"].pk])
    assert field.clean("ubnd xa hoa") == bodies["hoa-1"]
    assert _refusal(field, "bkh") == ["Không tìm thấy cơ quan “bkh”. Hãy ghi tên chính thức."]


def test_several_are_read_line_by_line_and_each_doubtful_line_is_told(bodies: dict[str, Organisation]) -> None:
    assert OrganisationsField().clean("bo den\n\n  an-binh \r\n") == [bodies["bkh"], bodies["an-binh"]]
    assert _refusal(OrganisationsField(), "bo den\nzzzz qqqq\nubnd xa hoa") == [
        "Không tìm thấy cơ quan “zzzz qqqq”. Hãy ghi tên chính thức.",
        TWO_HOA,
    ]


class _Form(forms.Form):
    day = forms.DateField()
    name = forms.CharField(required=False)


def test_the_forms_faults_and_the_actions_come_together_and_nothing_is_written() -> None:
    form = _Form({"day": "hôm qua", "name": ""})

    def act() -> None:
        Person.objects.create(display_name="Người mẫu")
        raise Refused([Fault("day", "của việc"), Fault("name", "Đề nghị ghi tên."), Fault("elsewhere", "Chung.")])

    assert attempt(form, act) is None
    assert sorted(form.errors) == ["__all__", "day", "name"]
    assert (form.errors["name"], form.errors["__all__"]) == (["Đề nghị ghi tên."], ["Chung."])
    assert "của việc" not in form.errors["day"]
    assert not Person.objects.exists()


def test_what_the_form_could_not_read_is_not_written_even_if_the_action_has_no_objection() -> None:
    form = _Form({"day": "hôm qua"})
    assert attempt(form, lambda: Person.objects.create(display_name="Người mẫu")) is None
    assert not Person.objects.exists()
    assert attempt(_Form({"day": "2026-01-01"}), lambda: Person.objects.create(display_name="Người mẫu")) is not None
