"""Forms read what was typed; what is missing or wrong is the action's word, so that all faults come at once."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar, cast

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.actions import NewAccount, NewDelegation, NewEvent, NewToken
from thucthi.directory.models import Account, EventKind, Membership, Organisation, Role, Scope
from thucthi.directory.selectors import answering_for, named_exactly, search_organisations
from thucthi.kernel.errors import Fault, Refused

Result = TypeVar("Result")
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
CODE_AT_THE_END = re.compile(r"\(([a-z0-9-]+)\)\s*$")
MOST_SUGGESTIONS = 5


class AsTyped:
    """Left to the action: the form itself never refuses the field for being empty or out of the list."""

    def validate(self, value: Any) -> None:
        return


class Text(AsTyped, forms.CharField):
    pass


class Choice(AsTyped, forms.ChoiceField):
    pass


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", DAY_FORMATS)
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        unreadable = gettext_lazy("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 24/12/2026.")
        super().__init__(error_messages={"invalid": unreadable, "required": unreadable}, **options)


class OrganisationField(forms.CharField):
    """One organisation by code, name, former name or alias, without accents if need be, or as "name (code)".

    Several that fit are listed to choose from; one that has ended is answered with its successors, unless
    `takes_ended`. `within`: gives the ids allowed, asked at the time of use. Cleans to an Organisation, or None.
    """

    def __init__(
        self, *, takes_ended: bool = False, within: Callable[[], Iterable[int]] | None = None, **options: Any
    ) -> None:
        self.takes_ended = takes_ended
        self.within = within
        options.setdefault("help_text", gettext_lazy("Tên chính thức, tên tắt hoặc mã; gõ không dấu cũng được."))
        options.setdefault("error_messages", {"required": gettext_lazy("Hãy ghi tên hoặc mã cơ quan.")})
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return named_with_code(value) if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value).strip()
        return self.find(text) if text else None

    def find(self, text: str) -> Organisation:
        """Raises ValidationError with what to do when `text` does not name exactly one organisation."""
        today = timezone.localdate()
        fitting = self._allowed(_named(text))
        living = [row for row in fitting if not _ended(row, today)]
        if len(living) == 1:
            return living[0]
        if len(fitting) == 1:
            return self._ended_one(fitting[0], today)
        candidates = living or fitting or self._allowed(search_organisations(text, 4 * MOST_SUGGESTIONS))
        if not candidates:
            raise forms.ValidationError(
                _("Không tìm thấy cơ quan “%(text)s”. Hãy ghi tên chính thức.") % {"text": text}
            )
        raise forms.ValidationError(
            _("“%(text)s” chưa chỉ rõ một cơ quan. Hãy chép lại một trong các tên sau: %(names)s.")
            % {"text": text, "names": "; ".join(map(named_with_code, candidates[:MOST_SUGGESTIONS]))}
        )

    def _allowed(self, rows: list[Organisation]) -> list[Organisation]:
        if self.within is None:
            return rows
        ids = frozenset(self.within())
        return [row for row in rows if row.pk in ids]

    def _ended_one(self, row: Organisation, today: date) -> Organisation:
        if self.takes_ended:
            return row
        heirs = "; ".join(map(named_with_code, answering_for(row, today)))
        told = {"name": row.official_name, "day": f"{row.valid_to:%d/%m/%Y}", "heirs": heirs}
        if heirs:
            text = _("%(name)s đã kết thúc hoạt động ngày %(day)s. Cơ quan tiếp nhận: %(heirs)s. Hãy chọn cơ quan này.")
        else:
            text = _("%(name)s đã kết thúc hoạt động ngày %(day)s và chưa có cơ quan tiếp nhận. Hãy chọn nơi khác.")
        raise forms.ValidationError(text % told)


class OrganisationsField(OrganisationField):
    """Several organisations, one a line. Cleans to a list."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in forms.CharField.clean(self, value).splitlines() if line.strip()]
        found, faults = [], []
        for line in lines:
            try:
                found.append(self.find(line))
            except forms.ValidationError as error:
                faults.append(error)
        if faults:
            raise forms.ValidationError(faults)
        return found


def named_with_code(organisation: Organisation) -> str:
    """As the field reads it back without doubt."""
    return f"{organisation.official_name} ({organisation.code})"


def _named(text: str) -> list[Organisation]:
    coded = CODE_AT_THE_END.search(text)
    by_code = list(Organisation.objects.filter(code=coded.group(1) if coded else text.lower()))
    return by_code or named_exactly(text)


def _ended(organisation: Organisation, on: date) -> bool:
    return organisation.valid_to is not None and organisation.valid_to < on


class DayAsTyped(AsTyped, Day):
    """A day whose absence is the action's to judge."""


class BodyAsTyped(AsTyped, OrganisationField):
    """An organisation whose absence is the action's to judge; of one that has ended the action names the heirs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(takes_ended=True, **options)


def offer(form: forms.Form, field: str, choices: Iterable[tuple[str, object]]) -> None:
    """Give a choice field what it offers this time."""
    cast(forms.ChoiceField, form.fields[field]).choices = list(choices)


class InTheNameOf(forms.Form):
    """A form through which one of the organisations given to it speaks; the choice field `speaker` says which."""

    speaker = "organisation"

    def __init__(self, *args: Any, organisations: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.organisations = {organisation.code: organisation for organisation in organisations}
        offer(self, self.speaker, [(code, body.official_name) for code, body in self.organisations.items()])

    @property
    def body(self) -> Organisation | None:
        return self.organisations.get(self.cleaned_data.get(self.speaker, ""))


def attempt(form: forms.Form, act: Callable[[], Result]) -> Result | None:
    """Run `act` and put its faults beside the form's own; None, with nothing written, when there are any."""
    form.full_clean()
    try:
        with transaction.atomic():
            result = act()
            if form.errors:
                # What could not be read was passed on as missing: the action may have had no objection.
                raise Refused([])
            return result
    except Refused as refused:
        said = set(form.errors)
        _add(form, [fault for fault in refused.faults if fault.field not in said])
        return None


def _add(form: forms.Form, faults: list[Fault]) -> None:
    for fault in faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.text)


class _SearchForm(forms.Form):
    q = forms.CharField(required=False)


def asked_in(data: QueryDict) -> str:
    """What is searched for, "" when nothing or nothing readable."""
    form = _SearchForm(data)
    return form.cleaned_data["q"] if form.is_valid() else ""


class EventForm(forms.Form):
    """A change of the tree that concerns `organisation`, and others beside it."""

    kind = Choice(label=gettext_lazy("Hình thức sắp xếp"), choices=EventKind.choices, widget=forms.RadioSelect)
    effective_on = Day(label=gettext_lazy("Có hiệu lực từ ngày"))
    legal_basis = Text(
        label=gettext_lazy("Căn cứ pháp lý"),
        max_length=300,
        help_text=gettext_lazy("Số, ký hiệu và ngày của văn bản quyết định việc sắp xếp."),
    )
    predecessors = OrganisationsField(
        label=gettext_lazy("Cơ quan khác cùng kết thúc hoạt động"),
        required=False,
        takes_ended=True,
        help_text=gettext_lazy("Khi hợp nhất; mỗi dòng một cơ quan."),
    )
    successors = OrganisationsField(
        label=gettext_lazy("Cơ quan tiếp nhận nhiệm vụ"),
        required=False,
        help_text=gettext_lazy("Khi hợp nhất, chia tách hoặc kết thúc hoạt động; mỗi dòng một cơ quan."),
    )
    new_name = Text(label=gettext_lazy("Tên mới"), required=False, max_length=200)
    new_short_name = Text(label=gettext_lazy("Tên tắt mới"), required=False, max_length=100)
    new_parent = OrganisationField(label=gettext_lazy("Cơ quan chủ quản mới"), required=False)
    note = Text(label=gettext_lazy("Ghi chú"), required=False, widget=forms.Textarea)

    def clean(self) -> None:
        """A new name or place shows at once, so neither may be entered before its day."""
        day, kind = self.cleaned_data.get("effective_on"), self.cleaned_data.get("kind")
        if day and day > timezone.localdate() and kind in (EventKind.RENAME, EventKind.MOVE):
            self.add_error(
                "effective_on", _("Việc đổi tên, chuyển cơ quan chủ quản được ghi khi đã có hiệu lực, không ghi trước.")
            )

    def event_of(self, organisation: Organisation) -> NewEvent:
        given = self.cleaned_data
        day = given.get("effective_on") or timezone.localdate()
        kind = given.get("kind", "")
        return NewEvent(
            code=f"{kind or 'x'}-{day:%Y%m%d}-{organisation.code}"[:64],
            kind=kind,
            effective_on=day,
            legal_basis=given.get("legal_basis", ""),
            predecessors=(organisation, *given.get("predecessors", ())),
            successors=tuple(given.get("successors", ())),
            note=given.get("note", ""),
            new_name=given.get("new_name", ""),
            new_short_name=given.get("new_short_name", ""),
            new_parent=given.get("new_parent"),
        )


class AccountForm(forms.Form):
    """A new account with its first role."""

    username = Text(
        label=gettext_lazy("Tên đăng nhập"), help_text=gettext_lazy("Chữ thường, chữ số và dấu . - _, không dấu cách.")
    )
    display_name = Text(label=gettext_lazy("Họ và tên"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False)
    password = Text(
        label=gettext_lazy("Mật khẩu ban đầu"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Ít nhất 12 ký tự; người dùng nên đổi ngay khi đăng nhập lần đầu."),
    )
    organisation = OrganisationField(label=gettext_lazy("Cơ quan"))
    role = Choice(label=gettext_lazy("Vai trò"), choices=Role.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, within: Callable[[], Iterable[int]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].within = within  # type: ignore[attr-defined]

    def account_of(self, on: date) -> NewAccount:
        given = self.cleaned_data
        return NewAccount(
            username=given.get("username", ""),
            display_name=given.get("display_name", ""),
            password=given.get("password", ""),
            organisation=given.get("organisation"),
            role=given.get("role", ""),
            valid_from=on,
            email=given.get("email", ""),
        )


class RoleForm(forms.Form):
    """One more role for an account."""

    organisation = OrganisationField(label=gettext_lazy("Cơ quan"))
    role = forms.ChoiceField(
        label=gettext_lazy("Vai trò"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Đề nghị chọn vai trò trong danh sách.")
        ),
    )

    def __init__(self, *args: Any, within: Callable[[], Iterable[int]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].within = within  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A new password for someone who lost theirs."""

    password = Text(
        label=gettext_lazy("Mật khẩu mới"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Ít nhất 12 ký tự. Mọi phiên đang mở của tài khoản này sẽ kết thúc."),
    )


class DelegationForm(forms.Form):
    """Lend one of the roles in `seats` (memberships) to somebody of the same body."""

    seat = Choice(label=gettext_lazy("Vai trò ủy quyền"))
    receiver = Text(
        label=gettext_lazy("Người được ủy quyền"),
        required=False,
        help_text=gettext_lazy("Tên đăng nhập của người đang làm việc ở cùng cơ quan."),
    )
    valid_from = DayAsTyped(label=gettext_lazy("Từ ngày"), required=False)
    valid_to = DayAsTyped(label=gettext_lazy("Đến hết ngày"), required=False)
    reason = Text(label=gettext_lazy("Lý do vắng mặt"), required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, seats: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.seats = {str(row.pk): row for row in seats}
        offer(self, "seat", [(key, _spoken(row)) for key, row in self.seats.items()])

    def delegation_of(self, seat: Membership) -> NewDelegation:
        given = self.cleaned_data
        return NewDelegation(
            giver=seat.account,
            organisation=seat.organisation,
            role=seat.role,
            receiver=Account.objects.filter(username=given.get("receiver", "").strip().lower()).first(),
            valid_from=given.get("valid_from"),
            valid_to=given.get("valid_to"),
            reason=given.get("reason", ""),
        )


def _spoken(seat: Membership) -> str:
    return f"{seat.account.username} · {seat.get_role_display()} · {seat.organisation.short_name}"


class Choices(AsTyped, forms.MultipleChoiceField):
    pass


class TokenForm(forms.Form):
    """`within`: gives the ids of the bodies for which a token may be given."""

    name = Text(label=gettext_lazy("Khóa dùng vào việc gì"), required=False)
    scopes = Choices(
        label=gettext_lazy("Được đọc"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    expires_on = Day(label=gettext_lazy("Có hiệu lực đến hết ngày"), required=False)

    def __init__(self, *arguments: Any, within: Callable[[], Iterable[int]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["organisation"] = OrganisationField(
            label=gettext_lazy("Cơ quan dùng khóa"), within=within, required=False
        )
        self.order_fields(["organisation"])

    def token_of(self) -> NewToken:
        given = self.cleaned_data
        return NewToken(
            given.get("organisation"), given.get("name", ""), given.get("scopes") or (), given.get("expires_on")
        )
