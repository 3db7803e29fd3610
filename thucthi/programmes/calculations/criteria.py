"""The tests behind each criterion. A test returns a note per thing to say; no note that is not met means met."""

from datetime import timedelta

from thucthi.programmes.calculations import words
from thucthi.programmes.calculations.clarity import (
    N_,
    ClarityProfile,
    Criterion,
    Finding,
    Note,
    TaskFacts,
    Test,
    Verdict,
    worst,
)

LONGEST_WITHOUT_MILESTONE = timedelta(days=366)


def missing(reason: str, advice: str, **values: str) -> Note:
    return Note(Verdict.MISSING, reason, advice, values)


def doubtful(reason: str, advice: str, **values: str) -> Note:
    return Note(Verdict.DOUBTFUL, reason, advice, values)


def met(reason: str, **values: str) -> Note:
    return Note(Verdict.MET, reason, "", values)


def work(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    said = words.spoken(facts.text)
    if not said:
        return [missing(N_("Chưa ghi nội dung công việc."), N_("Đề nghị ghi việc phải làm, bắt đầu bằng một động từ."))]
    verb = words.opens_with(said, words.VERBS)
    if verb is None:
        if not words.mentions(said, words.FIRM_VERBS):
            return [
                missing(
                    N_("Chưa thấy hành động cụ thể trong nội dung."),
                    N_("Đề nghị bắt đầu bằng động từ chỉ việc phải làm, ví dụ: xây dựng, ban hành, hoàn thành."),
                )
            ]
        verb = ""
    elif not said.removeprefix(verb).strip(" .,;:"):
        return [
            missing(
                N_("Có hành động nhưng chưa rõ làm gì."),
                N_("Đề nghị ghi đối tượng của công việc sau “%(verb)s”."),
                verb=verb,
            )
        ]
    return _doubts_about_work(facts, said, verb)


def _doubts_about_work(facts: TaskFacts, said: str, verb: str) -> list[Note]:
    notes = []
    is_measured = facts.has_indicator or words.names_a_quantity(said)
    if verb in words.VAGUE_VERBS and not is_measured and not words.promises_something_firm(said):
        notes.append(
            doubtful(
                N_("Mở đầu bằng “%(verb)s” mà không kèm việc hoặc con số kiểm tra được."),
                N_("Đề nghị ghi việc phải xong và mức phải đạt."),
                verb=verb,
            )
        )
    if words.independent_actions(facts.text) > 1:
        notes.append(doubtful(N_("Nội dung gồm nhiều việc độc lập."), N_("Đề nghị tách mỗi việc thành một nhiệm vụ.")))
    shown = words.names_a_quantity(f"{facts.product} {facts.acceptance_criterion}") or words.mentions(
        f"{said} {facts.product}", words.PRODUCT_NOUNS
    )
    if not is_measured and not shown:
        notes.append(
            doubtful(
                N_("Chưa gắn chỉ tiêu hay con số nào."),
                N_("Đề nghị gắn chỉ tiêu (KPI), hoặc ghi số lượng, mức phải đạt."),
            )
        )
    return notes


def person(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    if facts.lead is None:
        return [_no_lead(facts.lead_text)]
    if not facts.lead_is_live:
        return [
            missing(
                N_("%(lead)s không còn hoạt động."),
                N_("Đề nghị chọn cơ quan kế thừa làm cơ quan chủ trì."),
                lead=facts.lead,
            )
        ]
    notes = []
    if facts.lead_is_commune and facts.head is None:
        notes.append(
            missing(
                N_("Cấp xã phải rõ đến từng người; %(lead)s chưa có người phụ trách."),
                N_("Đề nghị ghi nhận người đứng đầu của cơ quan này."),
                lead=facts.lead,
            )
        )
    elif facts.head is None and facts.programme_head is None:
        notes.append(
            doubtful(N_("Chưa có tên người phụ trách."), N_("Đề nghị ghi nhận người đứng đầu của cơ quan chủ trì."))
        )
    if facts.ended_coordinators:
        notes.append(
            doubtful(
                N_("Có cơ quan phối hợp không còn hoạt động: %(names)s."),
                N_("Đề nghị chọn cơ quan kế thừa."),
                names=", ".join(facts.ended_coordinators),
            )
        )
    return notes or [met(N_("Một cơ quan chủ trì: %(lead)s."), lead=facts.lead)]


def _no_lead(lead_text: str) -> Note:
    if not lead_text.strip():
        return missing(N_("Chưa có cơ quan chủ trì."), N_("Đề nghị chọn đúng một cơ quan chủ trì."))
    if words.names_a_collective(lead_text):
        return missing(
            N_("“%(lead)s” là một tập thể, không ai chịu trách nhiệm cụ thể."),
            N_("Đề nghị chọn một cơ quan chủ trì, hoặc tách thành mỗi cơ quan một nhiệm vụ."),
            lead=lead_text,
        )
    if len(words.leads_named_in(lead_text)) > 1:
        return missing(
            N_("“%(lead)s” gồm nhiều cơ quan cùng chủ trì."),
            N_("Đề nghị chọn một cơ quan chủ trì, các cơ quan khác phối hợp."),
            lead=lead_text,
        )
    return missing(
        N_("Chưa nhận ra cơ quan “%(lead)s” trong danh mục."),
        N_("Đề nghị chọn cơ quan chủ trì trong danh mục."),
        lead=lead_text,
    )


def responsibility(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    if facts.head is None and facts.programme_head is None:
        if facts.head_post_is_vacant:
            return [
                missing(
                    N_("Chức danh người đứng đầu cơ quan chủ trì chưa có người giữ."),
                    N_("Đề nghị ghi nhận người giữ chức danh này."),
                )
            ]
        return [
            missing(
                N_("Chưa rõ người đứng đầu chịu trách nhiệm."),
                N_("Đề nghị ghi nhận người đứng đầu của cơ quan chủ trì."),
            )
        ]
    notes = []
    if not facts.has_approver:
        notes.append(
            doubtful(
                N_("Chưa có người nghiệm thu khác với người thực hiện."),
                N_("Đề nghị giao quyền nghiệm thu cho cơ quan ban hành hoặc cấp trên."),
            )
        )
    if facts.head is not None:
        notes.append(met(N_("Người đứng đầu cơ quan chủ trì: %(head)s."), head=facts.head))
    else:
        notes.append(met(N_("Kế thừa từ chương trình: %(head)s."), head=facts.programme_head or ""))
    return notes


def authority(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    if facts.authority.strip():
        return [met(N_("Theo %(basis)s."), basis=facts.authority)]
    if facts.programme_authority.strip():
        return [met(N_("Kế thừa từ chương trình: %(basis)s."), basis=facts.programme_authority)]
    return [
        missing(
            N_("Chưa rõ làm việc này theo thẩm quyền nào."),
            N_("Đề nghị dẫn văn bản giao hoặc phân cấp thẩm quyền, hoặc ghi một lần cho cả chương trình."),
        )
    ]


def time(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    deadline = facts.deadline
    if deadline is None or (deadline.kind == "none" and not deadline.end):
        if deadline is not None and deadline.is_unreadable:
            return [
                missing(
                    N_("Chưa đọc được thời hạn “%(raw)s”."),
                    N_("Đề nghị ghi ngày, tháng, quý hoặc năm phải xong."),
                    raw=deadline.raw,
                )
            ]
        return [missing(N_("Chưa có thời hạn."), N_("Đề nghị ghi ngày, tháng, quý hoặc năm phải xong."))]
    if deadline.end is None:
        return [_without_last_day(facts)]
    contradictions = _contradictions(facts)
    return contradictions or [
        *_doubts_about_time(facts),
        met(N_("Ngày cuối: %(day)s."), day=f"{deadline.end:%d/%m/%Y}"),
    ]


def _without_last_day(facts: TaskFacts) -> Note:
    deadline = facts.deadline
    assert deadline is not None  # noqa: S101 - the caller has looked
    if deadline.recurrence:
        rhythms = [part for part in deadline.recurrence.split("; ") if part != "ongoing"]
        if rhythms and facts.yearly_deliverable.strip():
            return met(N_("Việc thường xuyên, có chu kỳ và kết quả hằng năm: %(what)s."), what=facts.yearly_deliverable)
        return missing(
            N_("“%(raw)s” chưa đủ để kiểm tra."),
            N_("Việc thường xuyên cần ghi chu kỳ (tuần, tháng, quý, năm) và kết quả phải có mỗi năm."),
            raw=deadline.raw,
        )
    if deadline.kind == "event" and deadline.trigger:
        return doubtful(
            N_("Thời hạn tính từ sự kiện “%(trigger)s”, chưa có ngày."),
            N_("Đề nghị cập nhật ngày ngay khi sự kiện diễn ra."),
            trigger=deadline.trigger,
        )
    return missing(
        N_("“%(raw)s” không cho biết ngày cuối."),
        N_("Đề nghị ghi ngày, tháng, quý hoặc năm phải xong."),
        raw=deadline.raw,
    )


def _contradictions(facts: TaskFacts) -> list[Note]:
    assert facts.deadline is not None  # noqa: S101 - the caller has looked
    end = facts.deadline.end
    assert end is not None  # noqa: S101 - the caller has looked
    notes = []
    if facts.start_on and end < facts.start_on:
        notes.append(missing(N_("Ngày cuối đứng trước ngày bắt đầu."), N_("Đề nghị kiểm tra lại hai ngày.")))
    if facts.issued_on and end < facts.issued_on:
        notes.append(missing(N_("Ngày cuối đứng trước ngày ban hành chương trình."), N_("Đề nghị ghi lại thời hạn.")))
    return notes


def _doubts_about_time(facts: TaskFacts) -> list[Note]:
    notes = []
    deadline = facts.deadline
    begins = facts.start_on or (deadline.start if deadline else None)
    if begins is None:
        notes.append(doubtful(N_("Chưa có ngày bắt đầu."), N_("Đề nghị ghi ngày bắt đầu.")))
    counted_from = begins or facts.issued_on
    is_long = bool(
        counted_from and deadline and deadline.end and deadline.end - counted_from > LONGEST_WITHOUT_MILESTONE
    )
    if is_long and not facts.milestones:
        notes.append(
            doubtful(
                N_("Kéo dài hơn 12 tháng mà chưa có mốc trung gian."),
                N_("Đề nghị ghi ít nhất một mốc kiểm tra ở giữa."),
            )
        )
    return notes


def result(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    product = " ".join(facts.product.lower().split()).strip(" .;,")
    if not product:
        return [missing(N_("Chưa có sản phẩm, kết quả."), N_("Đề nghị ghi sản phẩm nhận được khi việc xong."))]
    notes = []
    if not facts.acceptance_criterion.strip():
        lacking = doubtful if profile.result_is_product else missing
        notes.append(
            lacking(N_("Chưa có tiêu chí để nghiệm thu."), N_("Đề nghị ghi thế nào thì được công nhận là xong."))
        )
    is_counted = words.names_a_quantity(f"{facts.product} {facts.acceptance_criterion}")
    if not is_counted and (product in words.VAGUE_PRODUCTS or product.startswith("các ")):
        notes.append(
            doubtful(
                N_("Sản phẩm “%(product)s” còn chung chung."),
                N_("Đề nghị ghi tên đầy đủ của sản phẩm."),
                product=facts.product,
            )
        )
    elif not is_counted and not words.mentions(product, words.PRODUCT_NOUNS):
        notes.append(
            doubtful(
                N_("Chưa rõ “%(product)s” là loại sản phẩm nào."),
                N_("Đề nghị ghi sản phẩm nhìn thấy được hoặc con số phải đạt."),
                product=facts.product,
            )
        )
    elif not is_counted and words.mentions(product, words.VAGUE_RESULT_WORDS):
        notes.append(
            doubtful(
                N_("Kết quả chưa đo được."), N_("Đề nghị thay các chữ như “theo yêu cầu”, “ổn định” bằng mức phải đạt.")
            )
        )
    return notes or [met(N_("Sản phẩm: %(product)s."), product=facts.product)]


def resources(facts: TaskFacts, profile: ClarityProfile) -> list[Note]:
    """The better of what the task says itself and what it inherits."""
    own = _own_resources(facts)
    inherited = _inherited_resources(facts.programme_resources)
    return min(
        (own, inherited), key=lambda notes: [Verdict.MET, Verdict.DOUBTFUL, Verdict.MISSING].index(_worst_of(notes))
    )


def _own_resources(facts: TaskFacts) -> list[Note]:
    has_source = bool(facts.money_source.strip())
    if not (has_source or facts.money is not None or facts.people.strip() or facts.facilities.strip()):
        return [
            missing(
                N_("Chưa có thông tin nào về tài chính, con người, cơ sở vật chất."),
                N_("Đề nghị ghi nguồn lực, hoặc ghi một lần cho cả chương trình."),
            )
        ]
    notes = []
    if has_source and _is_vague_money(facts.money_source) and facts.money is None:
        notes.append(_vague_money(facts.money_source))
    elif not has_source or facts.money is None:
        notes.append(
            doubtful(N_("Kinh phí chưa đủ cả nguồn và số tiền."), N_("Đề nghị ghi nguồn kinh phí và số tiền."))
        )
    if not facts.people.strip():
        notes.append(doubtful(N_("Chưa ghi nhân lực."), N_("Đề nghị ghi ai làm, bao nhiêu người.")))
    if not facts.facilities.strip():
        notes.append(
            doubtful(N_("Chưa ghi cơ sở vật chất."), N_("Đề nghị ghi trang thiết bị, trụ sở, hạ tầng cần dùng."))
        )
    return notes


def _inherited_resources(source: str) -> list[Note]:
    if not source.strip():
        return [missing(N_("Chương trình chưa ghi nguồn lực."), N_("Đề nghị ghi nguồn lực của chương trình."))]
    if _is_vague_money(source):
        return [_vague_money(source)]
    return [met(N_("Kế thừa từ chương trình: %(source)s."), source=source)]


def _is_vague_money(source: str) -> bool:
    return bool(words.VAGUE_MONEY.fullmatch(" ".join(source.lower().split()).strip(" .;,")))


def _vague_money(source: str) -> Note:
    return doubtful(
        N_("“%(source)s” chưa cho biết lấy từ khoản nào, bao nhiêu."),
        N_("Đề nghị ghi khoản mục và số tiền."),
        source=source,
    )


def _worst_of(notes: list[Note]) -> Verdict:
    return worst([note.verdict for note in notes])


TESTS: dict[Criterion, Test] = {
    Criterion.WORK: work,
    Criterion.PERSON: person,
    Criterion.RESPONSIBILITY: responsibility,
    Criterion.AUTHORITY: authority,
    Criterion.TIME: time,
    Criterion.RESULT: result,
    Criterion.RESOURCES: resources,
}


def finding_of(task: TaskFacts, profile: ClarityProfile, criterion: Criterion) -> Finding:
    notes = TESTS[criterion](task, profile) or [met(N_("Đã rõ."))]
    verdict = _worst_of(notes)
    shown = tuple(note for note in notes if note.verdict is not Verdict.MET or verdict is Verdict.MET)
    ordered = sorted(shown, key=lambda note: note.verdict is not Verdict.MISSING)
    return Finding(criterion, profile.names[criterion], verdict, tuple(ordered))
