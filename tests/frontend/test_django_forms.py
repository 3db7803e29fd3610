"""Django forms are drawn by kind of widget, with all their faults at once and nothing typed lost."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django import forms

from tests.frontend import gallery, markup

CAUSES = [("the-che", "Thể chế"), ("kinh-phi", "Kinh phí")]


class Report(forms.Form):
    title = forms.CharField(label="Tên", help_text="Một danh từ", max_length=5)
    due = forms.DateField(label="Thời hạn", widget=forms.DateInput)
    note = forms.CharField(label="Ghi chú", widget=forms.Textarea, required=False)
    cause = forms.ChoiceField(label="Nguyên nhân", choices=CAUSES)
    state = forms.ChoiceField(label="Tình hình", choices=CAUSES, widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(
        label="Phối hợp", choices=CAUSES, widget=forms.CheckboxSelectMultiple, required=False
    )
    sure = forms.BooleanField(label="Đã đọc")
    evidence = forms.FileField(label="Minh chứng", widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("Báo cáo mâu thuẫn với kỳ trước.")


@pytest.fixture
def drawn() -> BeautifulSoup:
    form = Report(
        {"title": "quá dài <b>", "due": "31/02/2026", "cause": "kinh-phi", "units": ["the-che"], "version": "3"}
    )
    ui = gallery.environment().get_template("components/ui.html").module
    html = str(ui.error_summary(form)) + str(ui.all_fields(form))
    assert markup.faults(html) == []
    return BeautifulSoup(html, "html.parser")


def test_every_fault_is_in_the_summary_and_leads_to_a_control(drawn: BeautifulSoup) -> None:
    items = drawn.select("#error-summary li")
    assert items[0].text == "Báo cáo mâu thuẫn với kỳ trước."
    links = [link["href"] for link in drawn.select("#error-summary a")]
    assert links == ["#id_title", "#id_due", "#id_state_0", "#id_sure", "#id_evidence"]
    assert all(drawn.find(id=link[1:]).name == "input" for link in links)


def test_what_was_typed_comes_back(drawn: BeautifulSoup) -> None:
    assert drawn.find(id="id_title")["value"] == "quá dài <b>"
    assert drawn.find(id="id_due")["value"] == "31/02/2026"
    assert drawn.select_one("#id_cause option[selected]")["value"] == "kinh-phi"
    assert drawn.select_one("input[name=units][checked]")["value"] == "the-che"
    assert drawn.select_one("input[name=version]")["value"] == "3"
    assert drawn.find(id="id_evidence")["accept"] == ".pdf"


def test_optional_fields_say_so_and_required_ones_are_marked(drawn: BeautifulSoup) -> None:
    assert [mark.parent.find(string=True).strip() for mark in drawn.select(".tt-optional")] == ["Ghi chú", "Phối hợp"]
    assert drawn.find(id="id_title").has_attr("required")


def test_a_date_is_written_as_the_browser_expects() -> None:
    ui = gallery.environment().get_template("components/ui.html").module
    form = Report(initial={"due": date(2026, 12, 31)})
    assert BeautifulSoup(ui.field(form["due"]), "html.parser").input["value"] == "2026-12-31"


def test_a_form_without_faults_has_no_summary() -> None:
    ui = gallery.environment().get_template("components/ui.html").module
    assert ui.error_summary(Report()) == ""
    assert ui.error_summary([]) == ""
