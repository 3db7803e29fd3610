"""What fills the addresses of values on the demonstration, made on the spot where it holds none."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Organisation, Tenure
from thucthi.directory.selectors import viewer_of
from thucthi.indicators.actions.doubts import open_follow_up
from thucthi.indicators.actions.uploads import Outcome, keep_outcome, start_checking, take_upload
from thucthi.indicators.models import ConsistencyRule, Dispute, Observation
from thucthi.kernel.periods import Frequency, span_containing, span_of

PROVINCE_REPORTER = "bao-cao-ubnd-01"
READERS_OF_VALUES = {
    "indicators:add_consistency_rule": "thuong-truc-1",
    "indicators:change_consistency_rule": "thuong-truc-1",
    "indicators:follow_ups": "thuong-truc-1",
    "indicators:open_follow_up": "thuong-truc-1",
    "indicators:close_follow_up": "thuong-truc-1",
    "indicators:raise_dispute": PROVINCE_REPORTER,
    "indicators:upload": PROVINCE_REPORTER,
    "indicators:entry": PROVINCE_REPORTER,
    "indicators:value": PROVINCE_REPORTER,
    "indicators:grid": PROVINCE_REPORTER,
    "indicators:send_file": PROVINCE_REPORTER,
}


def sample_of_values(name: str) -> dict[str, Any]:
    """Parameters of the address, or nothing where it takes none."""
    made = _MAKERS.get(name)
    return made() if made else {}


def _rule() -> dict[str, Any]:
    return {"code": ConsistencyRule.objects.order_by("code").values_list("code", flat=True)[0]}


def _dispute() -> dict[str, Any]:
    return {"pk": Dispute.objects.order_by("pk").values_list("pk", flat=True)[0]}


def _tenure() -> dict[str, Any]:
    held = Tenure.objects.filter(post__organisation__code="bkhcn", post__is_head=True).order_by("-valid_from")
    return {"code": "bkhcn", "pk": held.values_list("pk", flat=True)[0]}


def _reply() -> dict[str, Any]:
    return {"code": "bkhcn", "period": span_containing(timezone.localdate(), Frequency.QUARTERLY).key}


def _value() -> dict[str, Any]:
    return {"pk": _standing().pk}


def _mark() -> dict[str, Any]:
    day = span_of("2026-11").end
    return {"pk": open_follow_up(_standing(), by=SYSTEM, reason="Đối chiếu lại.", on=day).pk}


def _standing() -> Observation:
    """A value of the capital that stands and that nobody disputes."""
    rows = Observation.objects.filter(organisation__code="ubnd-01", period="2026-08", kind="actual", breakdown="")
    return rows.filter(corrections=None, disputes=None, amount__isnull=False).order_by("pk")[0]


def _upload() -> dict[str, Any]:
    sender = viewer_of(Account.objects.get(username=PROVINCE_REPORTER))
    body = Organisation.objects.get(code="ubnd-01")
    upload = take_upload(by=sender, organisation=body, file_name="so-lieu.csv", content=b"x")
    start_checking(upload, by=SYSTEM)
    keep_outcome(upload, by=SYSTEM, outcome=Outcome(1, 0, 0, 0, 1, [], []))
    return {"pk": upload.pk}


_MAKERS: dict[str, Callable[[], dict[str, Any]]] = {
    "indicators:consistency_rule": _rule,
    "indicators:change_consistency_rule": _rule,
    "indicators:quality_of": lambda: {"code": "nq57-5g"},
    "indicators:dispute": _dispute,
    "indicators:raise_dispute": _value,
    "indicators:open_follow_up": _value,
    "indicators:close_follow_up": _mark,
    "indicators:upload": _upload,
    "monitoring:tenure": _tenure,
    "monitoring:reply": _reply,
}
