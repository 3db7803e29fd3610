"""The addresses of machine sources with something behind each."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Organisation
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.feed_runs import run_feed
from thucthi.indicators.actions.feed_secrets import give_secret
from thucthi.indicators.actions.feeds import FeedContent, create_feed
from thucthi.indicators.calculations.said import Said
from thucthi.indicators.fetching.asking import Asked


def feed_pages(body: Organisation) -> dict[str, dict[str, Any]]:
    """A source of `body` that sends by itself, with a secret, and a run that failed."""
    indicator = define_indicators(by=SYSTEM, specs=[NewIndicator("do-may", "Chỉ tiêu do máy gửi", "rise", unit="%")])[0]
    content = FeedContent("Nguồn mẫu", body, body, (indicator,), "Cục Thống kê")
    feed = create_feed(by=SYSTEM, code="nguon-mau", kind="api", content=content)
    today = timezone.localdate()
    secret = give_secret(feed, by=SYSTEM, expires_on=today + timedelta(days=30), today=today).entry
    asked = Asked(log="GET", failure=Said("Không kết nối được với máy chủ."))
    run = run_feed(feed, by=SYSTEM, asked=asked, started_at=timezone.now())
    named = ("feed", "edit_feed", "run_feed", "give_secret")
    return {
        "indicators:feeds": {},
        "indicators:add_feed": {"kind": "table"},
        "indicators:feed_run": {"pk": run.pk},
        **{f"indicators:{name}": {"code": feed.code} for name in named},
        "indicators:revoke_secret": {"code": feed.code, "pk": secret.pk},
        "api:observations": {},
        "api:run": {"run": run.pk},
        "api:openapi": {},
    }
