"""What is wrong with tasks as drafted; every fault at once."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.directory.selectors import answering_for
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.errors import Fault
from thucthi.programmes.models import Programme, Task, TaskKind
from thucthi.programmes.selectors.codes import fault_of_code
from thucthi.programmes.selectors.contents import PLAIN_FIELDS, RECURRENCES, TaskContent


def faults_of_drafts(
    programme: Programme, contents: Sequence[TaskContent], on: date, *, edited: Task | None = None, named: bool = True
) -> list[Fault]:
    """All faults of the contents; with `named`, each field is `<code>.<field>`."""
    groups = {group.title for group in programme.groups.all()}
    documents = {row.pk for row in programme.bases.all()}
    repeated = _repeated(content.code for content in contents)
    faults: list[Fault] = []
    for content in contents:
        own = [] if edited else fault_of_code(content.code, Task.objects.all())
        if content.code in repeated:
            own.append(Fault("code", _("Mã %(code)s ghi hai lần.") % {"code": content.code}))
        own += [
            *_faults_of_words(content, groups, documents),
            *_faults_of_length(content),
            *_faults_of_bodies(content, on),
            *_faults_of_time(content, on),
        ]
        faults += [Fault(f"{content.code}.{fault.field}" if named else fault.field, fault.text) for fault in own]
    return faults


def fault_of_ended(organisation: Organisation, on: date, field: str) -> list[Fault]:
    """A body that no longer exists cannot be charged; names who answers for it now."""
    if _is_live(organisation, on):
        return []
    names = ", ".join(heir.official_name for heir in answering_for(organisation, on))
    said = {"name": organisation.official_name, "successors": names}
    if not names or (organisation.valid_from and organisation.valid_from > on):
        return [Fault(field, _("%(name)s không hoạt động vào ngày này. Đề nghị chọn cơ quan khác.") % said)]
    return [
        Fault(field, _("%(name)s đã kết thúc hoạt động; cơ quan kế thừa: %(successors)s. Đề nghị chọn lại.") % said)
    ]


def _is_live(organisation: Organisation, on: date) -> bool:
    started = organisation.valid_from is None or organisation.valid_from <= on
    return started and (organisation.valid_to is None or organisation.valid_to >= on)


def _repeated(codes: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {code for code in codes if code in seen or seen.add(code)}  # type: ignore[func-returns-value]


def _faults_of_words(content: TaskContent, groups: set[str], documents: set[int]) -> list[Fault]:
    faults = []
    if not content.text.strip():
        faults.append(Fault("text", _("Đề nghị ghi nội dung nhiệm vụ.")))
    if content.kind not in TaskKind.values:
        faults.append(Fault("kind", _("Đề nghị chọn loại nhiệm vụ trong danh sách.")))
    if content.group and content.group not in groups:
        faults.append(Fault("group", _("Nhóm nhiệm vụ này không có trong chương trình. Đề nghị chọn lại.")))
    if not 1 <= content.weight <= 100:
        faults.append(Fault("weight", _("Trọng số là số nguyên từ 1 đến 100.")))
    if content.money_vnd_million is not None and content.money_vnd_million < 0:
        faults.append(Fault("money_vnd_million", _("Kinh phí không thể là số âm.")))
    if any(clause.document_id not in documents and not clause.document.is_public for clause in content.clauses):
        faults.append(
            Fault(
                "clauses",
                _("Điều khoản viện dẫn phải thuộc văn bản công khai, hoặc văn bản mà chương trình thực hiện."),
            )
        )
    return faults


def _faults_of_length(content: TaskContent) -> list[Fault]:
    faults = []
    for name in PLAIN_FIELDS:
        longest = getattr(Task._meta.get_field(name), "max_length", None)
        if longest and name not in {"code", "kind"} and len(getattr(content, name)) > longest:
            faults.append(
                Fault(name, _("Nội dung này dài quá %(longest)s chữ. Đề nghị rút gọn.") % {"longest": longest})
            )
    return faults


def _faults_of_bodies(content: TaskContent, on: date) -> list[Fault]:
    faults = fault_of_ended(content.lead, on, "lead") if content.lead else []
    for organisation in content.coordinators:
        faults += fault_of_ended(organisation, on, "coordinators")
    if content.lead and content.lead in content.coordinators:
        faults.append(Fault("coordinators", _("Cơ quan chủ trì không đồng thời là cơ quan phối hợp.")))
    return faults


def _faults_of_time(content: TaskContent, on: date) -> list[Fault]:
    faults = []
    end = parse_deadline(content.deadline_raw, issued_on=on).end
    if content.start_on and end and end < content.start_on:
        faults.append(Fault("deadline_raw", _("Thời hạn phải sau ngày bắt đầu. Đề nghị kiểm tra lại.")))
    if content.recurrence not in RECURRENCES:
        faults.append(Fault("recurrence", _("Đề nghị chọn chu kỳ trong danh sách.")))
    if any(not milestone.text.strip() for milestone in content.milestones):
        faults.append(Fault("milestones", _("Mỗi mốc cần ghi ngày và việc phải xong.")))
    return faults
