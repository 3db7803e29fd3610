"""What the background worker does with machine sources: it asks those that are due, one job each."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from thucthi.directory.access import SYSTEM
from thucthi.indicators.actions.feed_runs import run_feed
from thucthi.indicators.actions.feeds import ASK_FEED
from thucthi.indicators.calculations.said import N_, Said
from thucthi.indicators.fetching.asking import Asked, ask
from thucthi.indicators.models import Feed
from thucthi.indicators.selectors.feeds import allowed_hosts, due_feeds

BROKEN = N_("Chưa lấy được số liệu do lỗi của hệ thống. Số liệu đang có không thay đổi; đề nghị báo quản trị.")


@app.periodic(cron="*/15 * * * *")
@app.task(name="indicators.start_due_feeds", queueing_lock="indicators.start_due_feeds")
def start_due_feeds(timestamp: int) -> int:
    """Every quarter of an hour; a source that waits already is not put in the queue twice. `timestamp`: when due."""
    started = 0
    for feed in due_feeds(timezone.now()):
        name = f"{ASK_FEED}:{feed.pk}"
        try:
            with transaction.atomic():
                app.configure_task(ASK_FEED, queueing_lock=name, lock=name).defer(feed_id=feed.pk)
            started += 1
        except AlreadyEnqueued:
            continue
    return started


@app.task(name=ASK_FEED)
def ask_feed(feed_id: int) -> None:
    """Ask one source and keep what came of it. Whatever goes wrong, its page gets a sentence."""
    feed = Feed.objects.get(pk=feed_id)
    if not feed.is_active or not feed.address:
        return
    started_at = timezone.now()
    try:
        asked = ask(feed.address, feed.kind, feed.settings, allowed=allowed_hosts())
        run_feed(feed, by=SYSTEM, asked=asked, started_at=started_at)
    except Exception as error:
        # Known to nobody yet: the source's page says so, and the failed job shows the rest to the operator.
        failed = Asked(log=type(error).__name__, failure=Said(BROKEN))
        run_feed(feed, by=SYSTEM, asked=failed, started_at=started_at)
        raise
