"""A published issue of the small state, and programs that ask about it."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.monitoring.world import World, make_world
from tests.public_site.issue import prepared
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import GivenToken, NewToken, give_token
from thucthi.directory.models import Organisation, Scope
from thucthi.publication import files
from thucthi.publication.models import Snapshot

ROOT = "/api/v1"


def publish(world: World) -> Snapshot:
    """Put an issue before the public: the files alone, as a web server would have them."""
    snapshot = prepared(world)
    files.put_before_the_public(snapshot.manifest_hash, snapshot.issue)
    files.write_corrections([])
    files.make_latest(snapshot.manifest_hash)
    return snapshot


def make_published() -> tuple[World, Snapshot]:
    world = make_world()
    return world, publish(world)


def ask(path: str, **heads: str) -> Any:
    return Client().get(f"{ROOT}{path}", headers=heads)


def token_of(body: Organisation, *scopes: str) -> GivenToken:
    """A token of the body for all it may read, or for `scopes` alone."""
    today = timezone.localdate()
    new = NewToken(body, "Kho dữ liệu", scopes or Scope.values, today + timedelta(days=30))
    return give_token(by=SYSTEM, new=new, today=today)


def ask_as(secret: str, path: str, **heads: str) -> Any:
    return Client().get(f"{ROOT}/org{path}", headers={"Authorization": f"Bearer {secret}", **heads})
