"""The shapes of the answers, each field in both languages. Amounts are texts: exactly what is kept."""

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

LARGEST_PAGE = 100
USUAL_PAGE = 50
Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[0-9A-Za-z_.:|-]*$")]


class Paged(Schema):
    model_config = ConfigDict(extra="forbid")
    limit: int = Field(
        USUAL_PAGE, ge=1, le=LARGEST_PAGE, description="Số đối tượng mỗi trang · How many things on a page"
    )
    after: int = Field(0, ge=0, lt=2**63, description="Số lấy từ next của trang trước · `next` of the page before")


class OfDuties(Paged):
    state: str = Field(
        "",
        pattern="^(due|overdue)?$",
        description="due: còn hạn; overdue: quá hạn; trống: cả hai · due, overdue, or empty for both",
    )


class OfValues(Paged):
    indicator: Word = Field("", description="Mã chỉ tiêu · Code of an indicator")
    period: Word = Field("", description="Kỳ · Period")


class TokenAnswer(Schema):
    organisation: str = Field(description="Mã cơ quan · Code of the organisation")
    name: str = Field(description="Khóa dùng vào việc gì · What the token is for")
    scopes: list[str] = Field(description="Được đọc gì · What it may read")
    expires_on: date = Field(description="Hiệu lực đến hết ngày · Last day")


class TaskAnswer(Schema):
    code: str = Field(description="Mã nhiệm vụ · Code")
    text: str = Field(description="Nội dung · Text")
    product: str = Field(description="Sản phẩm · Product")
    programme: str = Field(description="Mã chương trình · Code of the programme")
    lead: str | None = Field(description="Mã cơ quan chủ trì · Code of the lead")
    coordinators: list[str] = Field(description="Mã cơ quan phối hợp · Codes of coordinating bodies")
    role: str = Field(description="lead: chủ trì; coordinate: phối hợp · lead or coordinate")
    is_issued: bool = Field(description="Đã giao chưa · Whether it is issued")
    due_on: date | None = Field(description="Ngày cuối của thời hạn; null: không tính hạn · Last day, if any")
    stage: str = Field(description="Giai đoạn · Stage")
    schedule: str = Field(description="Thời hạn · Schedule")
    reported: str = Field(description="Đã báo cáo kỳ gần nhất chưa · Whether the last period was reported")
    declared: str | None = Field(description="Tiến độ khai, % · Declared, per cent")
    accepted: str | None = Field(description="Tiến độ được nghiệm thu, % · Accepted, per cent")
    measured: str | None = Field(description="Tiến độ đo được, % · Measured, per cent")


class DutyAnswer(Schema):
    id: int = Field(description="Số · Number")
    task: str = Field(description="Mã nhiệm vụ · Code of the task")
    period_kind: str = Field(description="Loại kỳ · Kind of period")
    period: str = Field(description="Kỳ · Period")
    due_on: date = Field(description="Ngày đến hạn · Day it is due")
    last_day: date = Field(description="Ngày cuối còn nộp đúng hạn · Last day of grace")
    is_overdue: bool = Field(description="Quá hạn · Whether it is overdue")
    state: str = Field(description="owed: chưa nộp; returned: bị trả lại · owed or returned")


class ReportAnswer(Schema):
    id: int = Field(description="Số · Number")
    task: str = Field(description="Mã nhiệm vụ · Code of the task")
    period: str = Field(description="Kỳ · Period")
    version: int = Field(description="Lần gửi của kỳ này · Version")
    claim: str = Field(description="Lời khai · What it claims")
    declared: str = Field(description="Tiến độ khai, % · Declared, per cent")
    claims_completion: bool = Field(description="Khai hoàn thành · Claims completion")
    note: str = Field(description="Thuyết minh · Note")
    submitted_at: datetime = Field(description="Thời điểm gửi · When it was sent")
    content_hash: str = Field(description="SHA-256 của nội dung đã gửi · Hash of what was sent")
    state: str = Field(description="waiting, accepted, returned · State")
    accepted: str | None = Field(description="Tiến độ được nghiệm thu, % · Accepted, per cent")
    decided_at: datetime | None = Field(description="Thời điểm quyết định · When it was decided")
    review_note: str = Field(description="Ý kiến người nghiệm thu · What the reviewer said")
    is_simulated: bool = Field(description="Số liệu mô phỏng · Invented data")


class ObstacleAnswer(Schema):
    code: str = Field(description="Mã điểm nghẽn · Code")
    task: str | None = Field(description="Mã nhiệm vụ · Code of the task")
    raised_by: str = Field(description="Mã cơ quan nêu · Code of the raising body")
    raised_on: date = Field(description="Ngày nêu · Day it was raised")
    cause: str = Field(description="Mã nguyên nhân · Code of the cause")
    condition: str = Field(description="Điều đang cản trở · What stands in the way")
    asked_of: str = Field(description="Mã cơ quan được đề nghị · Code of the asked body")
    asked_what: str = Field(description="Việc được đề nghị · What is asked")
    due_on: date = Field(description="Ngày cần có · Wanted by")
    state: str = Field(description="Trạng thái · State")
    closed_on: date | None = Field(description="Ngày đóng · Day it was closed")
    working_days: int = Field(description="Số ngày làm việc đã qua · Working days passed")
    holders: list[str] = Field(description="Mã cơ quan đang giữ việc · Codes of the bodies whose turn it is")


class ValueAnswer(Schema):
    id: int = Field(description="Số · Number")
    indicator: str = Field(description="Mã chỉ tiêu · Code of the indicator")
    period: str = Field(description="Kỳ · Period")
    kind: str = Field(description="Loại giá trị · Kind of value")
    breakdown: str = Field(description="Phân tổ · Breakdown")
    state: str = Field(description="Trạng thái giá trị · State of the value")
    amount: str | None = Field(description="Giá trị · Amount")
    numerator: str | None = Field(description="Tử số · Numerator")
    denominator: str | None = Field(description="Mẫu số · Denominator")
    source: str = Field(description="Nguồn · Source")
    available_on: date = Field(description="Ngày ghi nhận · Known since")
    is_simulated: bool = Field(description="Số liệu mô phỏng · Invented data")


NEXT = "Ghi vào after để lấy trang sau; null: trang cuối · For `after`; null: the last page"
AS_OF = "Tính đến ngày · As of"


class TaskPage(Schema):
    as_of: date = Field(description=AS_OF)
    items: list[TaskAnswer] = Field(description="Nhiệm vụ · Tasks")
    next: int | None = Field(description=NEXT)


class DutyPage(Schema):
    as_of: date = Field(description=AS_OF)
    items: list[DutyAnswer] = Field(description="Báo cáo phải nộp · Reports owed")
    next: int | None = Field(description=NEXT)


class ReportPage(Schema):
    as_of: date = Field(description=AS_OF)
    items: list[ReportAnswer] = Field(description="Báo cáo · Reports")
    next: int | None = Field(description=NEXT)


class ObstaclePage(Schema):
    as_of: date = Field(description=AS_OF)
    items: list[ObstacleAnswer] = Field(description="Điểm nghẽn · Obstacles")
    next: int | None = Field(description=NEXT)


class ValuePage(Schema):
    as_of: date = Field(description=AS_OF)
    items: list[ValueAnswer] = Field(description="Giá trị · Values")
    next: int | None = Field(description=NEXT)


class WrongParameterAnswer(Schema):
    parameter: str = Field(description="Tham số cần sửa · Parameter to put right")
    detail: str = Field(description="Cần làm gì · What to do, in Vietnamese")
    detail_en: str = Field(description="Cần làm gì, bằng tiếng Anh · What to do, in English")


class ProblemAnswer(Schema):
    """A refusal (RFC 9457)."""

    type: str = Field(description="Định danh loại lỗi · Kind of problem")
    status: int = Field(description="Mã HTTP · Status")
    code: str = Field(description="Mã ổn định cho chương trình · Stable, for programs")
    title: str = Field(description="Tên ngắn · Short name")
    detail: str = Field(description="Câu tiếng Việt · What to do, in Vietnamese")
    detail_en: str = Field(description="Câu tiếng Anh · What to do, in English")
    errors: list[WrongParameterAnswer] = Field(description="Từng tham số sai · Each wrong parameter")
