"""Who a request comes from: a secret in its head, nothing else."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thucthi.indicators.actions.feed_secrets import note_use
from thucthi.indicators.api.answers import problem
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.models import FeedSecret
from thucthi.indicators.selectors.feeds import secret_in_force
from thucthi.kernel.bearer import bearer_of
from thucthi.kernel.rates import Policy, count

MOST_BYTES = 2 * 1024 * 1024
MOST_A_MINUTE = 60
POLICY = Policy("feed", MOST_A_MINUTE)
NO_SECRET = N_("Yêu cầu thiếu khóa, hoặc khóa sai, hết hạn hay đã bị thu hồi. Đề nghị liên hệ cơ quan đã cấp khóa.")
STOPPED = N_("Nguồn số liệu này đang tạm dừng. Đề nghị liên hệ cơ quan quản lý nguồn.")
TOO_LARGE = N_("Nội dung gửi quá lớn (nhiều nhất 2 MB, 5.000 dòng mỗi lượt). Đề nghị chia thành nhiều lượt.")
TOO_MANY = N_("Nguồn này gửi quá nhiều yêu cầu trong một phút. Đề nghị đợi rồi gửi lại.")


def machine_of(request: HttpRequest) -> FeedSecret | HttpResponse:
    """The secret that the request proves, or the answer that refuses it (401, 403, 413, 429)."""
    now = timezone.now()
    secret = bearer_of(request)
    held = secret_in_force(secret, now, timezone.localdate(now)) if secret else None
    if held is None:
        answer = problem(401, "no_secret", NO_SECRET)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if not held.feed.is_active:
        return problem(403, "stopped", STOPPED)
    counted = count(POLICY, str(held.pk), at=now.timestamp())
    if counted.is_over:
        answer = problem(429, "too_many", TOO_MANY)
        counted.tell(answer)
        return answer
    if _length(request) > MOST_BYTES:
        return problem(413, "too_large", TOO_LARGE)
    note_use(held, at=now)
    return held


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdecimal() else MOST_BYTES + 1
