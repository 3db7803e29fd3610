"""Orders where commits are real: at one moment, in sessions that are ended when idle, with a disk that fills up."""

import time

import pytest
from django.db import connection, transaction

from tests.monitoring.world import AS_OF, World, make_world
from tests.public_site.issue import prepared
from thucthi.directory.models import Role
from thucthi.ledger.models import Entry
from thucthi.publication import files
from thucthi.publication.actions import publish_snapshot
from thucthi.publication.models import SnapshotPublication
from thucthi.publication.orders.actions import order_preparation, order_publication
from thucthi.publication.orders.selectors import OrderState, newest_orders, newest_publishing_of
from thucthi.publication.tasks import carry_out_order


@pytest.fixture
def world(fresh_database: str) -> World:
    return make_world()


def test_what_was_ordered_is_prepared_at_one_moment_and_published(world: World) -> None:
    order = order_preparation(
        by=world.state.viewer(Role.STEERING_OFFICE, world.state.government), kind="weekly", as_of=AS_OF
    )
    carry_out_order(order.pk)
    carry_out_order(order.pk)
    order.refresh_from_db()
    assert order.snapshot is not None
    assert Entry.objects.get(event="snapshot.prepared").content["isolation"] == "repeatable read"
    publisher = world.state.viewer(Role.PUBLISHER, world.state.government)
    carry_out_order(order_publication(order.snapshot, by=publisher).pk)
    assert files.stands_in_front(order.snapshot.manifest_hash, "2026-W47")
    assert [line.state for line in newest_orders(publisher)] == [OrderState.DONE, OrderState.DONE]


def test_comparing_may_take_longer_than_a_session_may_be_idle(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, compare = prepared(world), files.wrong_files

    def slowly(manifest_hash: str) -> list[str]:
        time.sleep(0.9)
        return compare(manifest_hash)

    monkeypatch.setattr(files, "wrong_files", slowly)
    with connection.cursor() as cursor:
        cursor.execute("SET idle_in_transaction_session_timeout = '300ms'")
    publisher = world.state.viewer(Role.PUBLISHER, world.state.government)
    with transaction.atomic():
        # The transaction has begun, however late the action itself would begin one.
        snapshot.refresh_from_db()
        publish_snapshot(snapshot, by=publisher)
    assert SnapshotPublication.objects.get().snapshot == snapshot
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("300ms",)


def test_signed_but_not_yet_shown_is_told_beside_the_published_issue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*asked: object) -> None:
        raise OSError(28, "No space left on device")

    snapshot, publisher = prepared(world), world.state.viewer(Role.PUBLISHER, world.state.government)
    order = order_publication(snapshot, by=publisher)
    monkeypatch.setattr("thucthi.publication.actions.show", full)
    carry_out_order(order.pk)
    assert SnapshotPublication.objects.get().snapshot == snapshot
    line = newest_publishing_of(snapshot, publisher)
    assert line is not None
    assert (line.state, line.is_open) == (OrderState.TROUBLE, False)
    assert line.trouble.startswith("Đã ký duyệt kỳ 2026-W47, nhưng chưa đưa được ra mặt trước")
    assert "Ổ đĩa của máy chủ đã đầy" in line.trouble
