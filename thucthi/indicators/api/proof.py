"""Who a request comes from: a secret in its head, nothing else."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thucthi.indicators.actions.feed_secrets import note_use
from thucthi.indicators.api.answers import problem
from thucthi.indicators.calculations.said import N_
from thucthi.indicators.models import FeedSecret
from thucthi.indicators.selectors.feeds import secret_in_force

MOST_BYTES = 2 * 1024 * 1024
MOST_A_MINUTE = 60
_LONGEST = 200
_SCHEME = "bearer"
NO_SECRET = N_("Yêu cầu thiếu khóa, hoặc khóa sai, hết hạn hay đã bị thu hồi. Đề nghị liên hệ cơ quan đã cấp khóa.")
STOPPED = N_("Nguồn số liệu này đang tạm dừng. Đề nghị liên hệ cơ quan quản lý nguồn.")
TOO_LARGE = N_("Nội dung gửi quá lớn (nhiều nhất 2 MB, 5.000 dòng mỗi lượt). Đề nghị chia thành nhiều lượt.")
TOO_MANY = N_("Nguồn này gửi quá nhiều yêu cầu trong một phút. Đề nghị đợi rồi gửi lại.")


def machine_of(request: HttpRequest) -> FeedSecret | HttpResponse:
    """The secret that the request proves, or the answer that refuses it (401, 403, 413, 429)."""
    now = timezone.now()
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    held = None
    if scheme.lower() == _SCHEME and 0 < len(secret) <= _LONGEST:
        held = secret_in_force(secret.strip(), now, timezone.localdate(now))
    if held is None:
        answer = problem(401, "no_secret", NO_SECRET)
        answer["WWW-Authenticate"] = "Bearer"
        return answer
    if not held.feed.is_active:
        return problem(403, "stopped", STOPPED)
    if _is_too_often(held, int(now.timestamp()) // 60):
        answer = problem(429, "too_many", TOO_MANY)
        answer["Retry-After"] = "60"
        return answer
    if _length(request) > MOST_BYTES:
        return problem(413, "too_large", TOO_LARGE)
    note_use(held, at=now)
    return held


def _is_too_often(held: FeedSecret, minute: int) -> bool:
    """Counted for each secret and minute, in the memory of this process."""
    key = f"feed-secret:{held.pk}:{minute}"
    cache.add(key, 0, 120)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:
        # Pushed out of the memory between the two lines.
        return False


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdecimal() else MOST_BYTES + 1
