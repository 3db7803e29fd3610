"""The "rõ" as tests with reasons: labelled examples, and what must hold for any task (D16, D17, D31)."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.deadlines import parse_deadline
from thucthi.programmes.calculations import (
    PROFILES,
    Criterion,
    Finding,
    TaskFacts,
    Verdict,
    clarity,
    extensions,
    standing,
)
from thucthi.programmes.calculations.criteria import TESTS
from thucthi.programmes.calculations.findings import LOOKED_AT
from thucthi.programmes.calculations.words import (
    independent_actions,
    leads_named_in,
    names_a_collective,
    names_a_quantity,
)

SEVEN = PROFILES["seven"]
ISSUED = date(2026, 1, 10)
CLEAR = TaskFacts(
    text="Ban hành Nghị định về dữ liệu mở",
    lead="Bộ Khoa học",
    head="Bộ trưởng Người Mẫu",
    has_approver=True,
    authority="Nghị quyết 57",
    deadline=parse_deadline("31/12/2026", issued_on=ISSUED),
    start_on=date(2026, 2, 1),
    issued_on=ISSUED,
    product="Nghị định của Chính phủ",
    acceptance_criterion="Nghị định được ký",
    money=Decimal(500),
    money_source="Chi thường xuyên năm 2026 của bộ",
    people="4 chuyên viên",
    facilities="Trụ sở hiện có",
)
MET, DOUBTFUL, MISSING = Verdict.MET, Verdict.DOUBTFUL, Verdict.MISSING


def found(criterion: Criterion, profile: str = "seven", **other: object) -> Finding:
    findings = clarity(replace(CLEAR, **other), PROFILES[profile])
    return next(each for each in findings if each.criterion == criterion)


def by(raw: str, **other: object) -> Finding:
    return found(Criterion.TIME, deadline=parse_deadline(raw, issued_on=ISSUED), **other)


def test_a_clear_task_is_met_everywhere() -> None:
    assert [each.verdict for each in clarity(CLEAR, SEVEN)] == [MET] * 7


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ban hành Nghị định về dữ liệu mở", MET),
        ("Đào tạo 500 cán bộ xã về kỹ năng số", MET),
        ("Hoàn thành 34 trung tâm phục vụ hành chính công", MET),
        ("Trình Quốc hội dự án Luật Trí tuệ nhân tạo", MET),
        ("4. Bộ Nội vụ chủ trì, phối hợp với Bộ Tài chính ban hành Thông tư về vị trí việc làm", MET),
        ("Tăng cường phủ sóng 5G, đạt 60% dân số", MET),
        ("Triển khai hệ thống quản lý văn bản đến cấp xã", MET),
        ("Xây dựng Luật Nhà giáo trong đó sửa đổi, bổ sung một số quy định liên quan", MET),
        ("Xây dựng Đề án, trình Thủ tướng phê duyệt và triển khai thực hiện", MET),
        ("Tăng cường công tác tuyên truyền", DOUBTFUL),
        ("Đẩy mạnh chuyển đổi số trong mọi lĩnh vực của đời sống", DOUBTFUL),
        ("Tiếp tục quan tâm công tác đào tạo nguồn nhân lực", DOUBTFUL),
        ("Nâng cao nhận thức về chuyển đổi số", DOUBTFUL),
        ("Xây dựng cơ sở dữ liệu đất đai và thành lập trung tâm điều hành thông minh", DOUBTFUL),
        ("Ban hành Quy chế chia sẻ dữ liệu; đào tạo 200 cán bộ vận hành", DOUBTFUL),
        ("", MISSING),
        ("   ", MISSING),
        ("Chuyển đổi số quốc gia là nhiệm vụ trọng tâm", MET),
        ("Về công tác cán bộ", MISSING),
        ("Dữ liệu mở", MISSING),
        ("Ban hành", MISSING),
        ("Rà soát luật", MET),
    ],
)
def test_work(text: str, verdict: Verdict) -> None:
    assert found(Criterion.WORK, text=text).verdict == verdict


def test_work_without_indicator_number_or_product_is_doubtful() -> None:
    text = "Hỗ trợ thanh niên khởi nghiệp để hoàn thành ước mơ"
    bare = {"text": "Cắt giảm thủ tục cho thanh niên", "product": "Kết quả", "acceptance_criterion": "Tốt"}
    assert found(Criterion.WORK, **bare).verdict == DOUBTFUL
    assert found(Criterion.WORK, **{**bare, "has_indicator": True}).verdict == MET
    assert found(Criterion.WORK, **{**bare, "acceptance_criterion": "Giảm 30 % thời gian"}).verdict == MET
    assert "KPI" in found(Criterion.WORK, **bare).advice
    assert found(Criterion.WORK, text=text).verdict in {MET, DOUBTFUL}


@pytest.mark.parametrize(
    ("lead_text", "reason"),
    [
        ("", "Chưa có cơ quan chủ trì."),
        ("Các bộ, ngành, địa phương", "tập thể"),
        ("Các địa phương", "tập thể"),
        ("UBND các tỉnh, thành phố", "tập thể"),
        ("UBND xã, phường, đặc khu", "tập thể"),
        ("Bộ Công an và các cơ quan liên quan", "tập thể"),
        ("Bộ Tài chính; Bộ Nội vụ", "nhiều cơ quan"),
        ("Bộ Xây dựng, Bộ Nông nghiệp và Môi trường", "nhiều cơ quan"),
        ("Cục Không Tên", "Chưa nhận ra"),
    ],
)
def test_exactly_one_lead(lead_text: str, reason: str) -> None:
    person = found(Criterion.PERSON, lead=None, lead_text=lead_text)
    assert person.verdict == MISSING
    assert reason in person.reason
    assert person.advice


def test_the_lead_must_exist_and_a_commune_must_name_its_person() -> None:
    assert found(Criterion.PERSON, lead_is_live=False).verdict == MISSING
    assert found(Criterion.PERSON, head=None, programme_head="Chủ tịch").verdict == MET
    assert found(Criterion.PERSON, head=None).verdict == DOUBTFUL
    assert found(Criterion.PERSON, head=None, programme_head="Chủ tịch", lead_is_commune=True).verdict == MISSING
    assert found(Criterion.PERSON, ended_coordinators=("Bộ Cũ",)).verdict == DOUBTFUL


def test_somebody_answers_and_somebody_else_accepts() -> None:
    assert found(Criterion.RESPONSIBILITY, head=None).verdict == MISSING
    assert "chưa có người giữ" in found(Criterion.RESPONSIBILITY, head=None, head_post_is_vacant=True).reason
    inherited = found(Criterion.RESPONSIBILITY, head=None, programme_head="Bộ trưởng Mẫu")
    assert (inherited.verdict, inherited.reason) == (MET, "Kế thừa từ chương trình: Bộ trưởng Mẫu.")
    assert found(Criterion.RESPONSIBILITY, has_approver=False).verdict == DOUBTFUL


def test_authority_is_ones_own_or_inherited() -> None:
    assert found(Criterion.AUTHORITY, authority="").verdict == MISSING
    inherited = found(Criterion.AUTHORITY, authority="", programme_authority="Nghị quyết 57")
    assert (inherited.verdict, inherited.reason) == (MET, "Kế thừa từ chương trình: Nghị quyết 57.")


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        ("31/12/2026", MET),
        ("Quý IV/2026", MET),
        ("Tháng 11/2026", MET),
        ("trước năm 2027", MET),
        ("", MISSING),
        ("-", MISSING),
        ("sớm nhất có thể", MISSING),
        ("Thường xuyên", MISSING),
        ("Hằng năm", MISSING),
        ("Theo kế hoạch", MISSING),
        ("01/01/2026", MISSING),
        ("20/01/2026", MISSING),
        ("2030", DOUBTFUL),
        ("tại Kỳ họp thứ Mười", DOUBTFUL),
    ],
)
def test_time(raw: str, verdict: Verdict) -> None:
    assert by(raw).verdict == verdict


def test_recurring_work_needs_a_rhythm_and_a_yearly_result() -> None:
    assert by("Hằng quý", yearly_deliverable="4 báo cáo đánh giá").verdict == MET
    assert by("Thường xuyên", yearly_deliverable="4 báo cáo đánh giá").verdict == MISSING
    assert by("Thường xuyên").advice == (
        "Việc thường xuyên cần ghi chu kỳ (tuần, tháng, quý, năm) và kết quả phải có mỗi năm."
    )


def test_a_long_work_needs_a_milestone_and_every_work_a_start() -> None:
    assert by("2030", milestones=(date(2028, 6, 30),)).verdict == MET
    assert by("31/12/2026", start_on=None).verdict == DOUBTFUL
    assert "đứng trước ngày bắt đầu" in by("20/01/2026").reason
    assert "đứng trước ngày ban hành" in by("01/01/2026", start_on=date(2025, 12, 1)).reason


@pytest.mark.parametrize(
    ("product", "criterion", "verdict"),
    [
        ("Nghị định của Chính phủ", "Được ký ban hành", MET),
        ("34 trung tâm hành chính công", "Biên bản nghiệm thu", MET),
        ("Cơ sở dữ liệu đất đai", "Vận hành 24/7", MET),
        ("", "Được ký ban hành", MISSING),
        ("Nghị định của Chính phủ", "", MISSING),
        ("Kế hoạch", "Được duyệt", DOUBTFUL),
        ("Báo cáo", "Được nộp", DOUBTFUL),
        ("Các văn bản", "Được ký", DOUBTFUL),
        ("Niềm tin của nhân dân", "Được nâng lên", DOUBTFUL),
        ("Hệ thống vận hành ổn định", "Được xác nhận", DOUBTFUL),
    ],
)
def test_result(product: str, criterion: str, verdict: Verdict) -> None:
    assert found(Criterion.RESULT, product=product, acceptance_criterion=criterion).verdict == verdict


def test_the_governments_six_ask_for_a_product_and_only_advise_a_criterion() -> None:
    finding = found(Criterion.RESULT, "six_government", acceptance_criterion="")
    assert (finding.name, finding.verdict) == ("Rõ sản phẩm", DOUBTFUL)


def test_resources() -> None:
    nothing = {"money": None, "money_source": "", "people": "", "facilities": ""}
    assert found(Criterion.RESOURCES, **nothing).verdict == MISSING
    assert found(Criterion.RESOURCES, **{**nothing, "money_source": "Ngân sách"}).verdict == DOUBTFUL
    assert found(Criterion.RESOURCES, **{**nothing, "people": "5 người"}).verdict == DOUBTFUL
    assert found(Criterion.RESOURCES, money_source="Ngân sách nhà nước", money=None).verdict == DOUBTFUL
    assert found(Criterion.RESOURCES, facilities="").verdict == DOUBTFUL
    inherited = found(Criterion.RESOURCES, **nothing, programme_resources="3 % chi ngân sách hằng năm")
    assert (inherited.verdict, inherited.reason) == (MET, "Kế thừa từ chương trình: 3 % chi ngân sách hằng năm.")
    assert found(Criterion.RESOURCES, **nothing, programme_resources="Ngân sách").verdict == DOUBTFUL


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ("five", "việc người trách nhiệm thời gian kết quả"),
        ("six_party", "người việc thời gian trách nhiệm thẩm quyền kết quả"),
        ("six_government", "người việc trách nhiệm thẩm quyền thời gian sản phẩm"),
        ("seven", "việc người trách nhiệm thẩm quyền thời gian kết quả nguồn lực"),
    ],
)
def test_each_profile_asks_exactly_what_its_source_asks(profile: str, names: str) -> None:
    assert " ".join(each.name.removeprefix("Rõ ") for each in clarity(CLEAR, PROFILES[profile])) == names


raws = st.sampled_from(["", "31/12/2026", "Thường xuyên", "Hằng quý", "2030", "Theo kế hoạch", "Quý I/2026", "x"])
deadlines = st.one_of(raws, st.text(max_size=30)).map(lambda raw: parse_deadline(raw, issued_on=ISSUED))
days = st.dates(date(2025, 1, 1), date(2032, 12, 31))
facts = st.builds(
    TaskFacts,
    text=st.text(max_size=80),
    lead=st.none() | st.text(min_size=1, max_size=20),
    lead_text=st.text(max_size=30),
    head=st.none() | st.text(min_size=1, max_size=20),
    programme_head=st.none() | st.text(min_size=1, max_size=20),
    deadline=st.none() | deadlines,
    start_on=st.none() | days,
    issued_on=st.none() | days,
    milestones=st.lists(days, max_size=2).map(tuple),
    money=st.none() | st.decimals(0, 10**6, places=2),
    **{
        name: st.text(max_size=30)
        for name in (
            "authority", "programme_authority", "yearly_deliverable", "product", "acceptance_criterion", "money_source",
            "people", "facilities", "programme_resources",
        )
    },
    **{
        name: st.booleans()
        for name in ("has_indicator", "lead_is_live", "lead_is_commune", "head_post_is_vacant", "has_approver")
    },
)  # fmt: skip
profiles = st.sampled_from(list(PROFILES.values()))


@given(facts, profiles)
def test_any_text_gets_one_verdict_per_criterion_with_a_reason(task: TaskFacts, profile: object) -> None:
    findings = clarity(task, profile)
    assert tuple(each.criterion for each in findings) == profile.criteria
    assert all(each.reason for each in findings)
    assert all(each.advice for each in findings if each.verdict != MET)
    assert findings == clarity(task, profile)


RANK = [MET, DOUBTFUL, MISSING]
# What fills a gap of a criterion of completeness; the time may contradict itself and the words may be vague.
ADDITIONS = {
    Criterion.PERSON: {"lead": "Bộ Mẫu", "lead_is_live": True, "head": "Bộ trưởng"},
    Criterion.RESPONSIBILITY: {"head": "Bộ trưởng", "programme_head": "Chủ tịch", "has_approver": True},
    Criterion.AUTHORITY: {"authority": "Nghị quyết 57", "programme_authority": "Nghị quyết 57"},
    Criterion.RESULT: {"acceptance_criterion": "Được ký"},
    Criterion.RESOURCES: {
        "money": Decimal(5), "money_source": "Quỹ 57", "people": "5 người", "facilities": "Trụ sở",
        "programme_resources": "Quỹ 57",
    },
}  # fmt: skip


@given(facts, profiles, st.data())
def test_filling_a_gap_never_worsens_a_criterion_of_completeness(
    task: TaskFacts, profile: object, data: st.DataObject
) -> None:
    criterion = data.draw(st.sampled_from([each for each in profile.criteria if each in ADDITIONS]))
    name = data.draw(st.sampled_from(sorted(ADDITIONS[criterion])))
    before = getattr(task, name)
    if before not in (None, "", False):
        return
    more = replace(task, **{name: ADDITIONS[criterion][name]})
    verdicts = [{each.criterion: each.verdict for each in clarity(one, profile)}[criterion] for one in (task, more)]
    assert RANK.index(verdicts[1]) <= RANK.index(verdicts[0])


class Watched:
    """Facts that remember what was asked of them."""

    def __init__(self, task: TaskFacts) -> None:
        self.task, self.asked = task, set()

    def __getattr__(self, name: str) -> object:
        self.asked.add(name)
        return getattr(self.task, name)


@given(facts, profiles)
def test_no_test_looks_at_more_than_its_findings_are_kept_by(task: TaskFacts, profile: object) -> None:
    for criterion, test in TESTS.items():
        watched = Watched(task)
        test(watched, profile)
        assert watched.asked <= set(LOOKED_AT[criterion])


def test_every_fact_is_looked_at_somewhere() -> None:
    assert {name for names in LOOKED_AT.values() for name in names} == {each.name for each in fields(TaskFacts)}
    assert {each.name for each in fields(TaskFacts)} == {
        "text", "has_indicator", "lead", "lead_text", "lead_is_live", "lead_is_commune", "ended_coordinators", "head",
        "head_post_is_vacant", "programme_head", "has_approver", "authority", "programme_authority", "deadline",
        "start_on", "issued_on", "yearly_deliverable", "milestones", "product", "acceptance_criterion", "money",
        "money_source",
        "people", "facilities", "programme_resources",
    }  # fmt: skip


def test_words() -> None:
    assert leads_named_in("Bộ Giáo dục và Đào tạo") == ["Bộ Giáo dục và Đào tạo"]
    assert leads_named_in("- Bộ Xây dựng; - UBND tỉnh A") == ["Bộ Xây dựng", "UBND tỉnh A"]
    assert not names_a_collective("Ủy ban nhân dân tỉnh An Bình")
    assert names_a_quantity("giảm 30 % thời gian")
    assert not names_a_quantity("Nghị quyết số 57-NQ/TW ngày 22/12/2024, năm 2026")
    assert independent_actions("Xây dựng và ban hành Đề án") == 1


def test_standing_and_extensions() -> None:
    assert standing(["issued", "suspended", "resumed", "suspended"]).is_suspended
    assert not standing(["issued", "suspended", "resumed"]).is_suspended
    assert standing(["superseded"]).is_closed
    day = date(2026, 1, 1)
    assert extensions([(day, date(2026, 2, 1)), (date(2026, 2, 1), day), (None, day), (day, None)]) == 1
