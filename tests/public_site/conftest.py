"""One issue of the small state for all tests of the public site, made once in a database of its own."""

import os

import pytest
from django.conf import settings

from tests.database import another_database
from tests.monitoring.world import AS_OF, make_world
from tests.public_site.issue import Files, files_of, prepared
from thucthi.config.supervisor import LocalPostgres
from thucthi.publication.selectors import public_issue
from thucthi.publication.shapes import IssueData


@pytest.fixture(scope="session")
def issue(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[IssueData, Files]:
    """What was read, and the files that were made of it."""
    before = settings.PUBLISHED_ROOT
    # A browser that is open in this process has an event loop in its thread, in which the ORM refuses to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    settings.PUBLISHED_ROOT = tmp_path_factory.mktemp("published")
    with django_db_blocker.unblock(), another_database(postgres, "public_site"):
        files = files_of(prepared(make_world()))
        data = public_issue("weekly", AS_OF)
    settings.PUBLISHED_ROOT = before
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    return data, files


@pytest.fixture(scope="session")
def site(issue: tuple[IssueData, Files]) -> Files:
    return issue[1]


@pytest.fixture(scope="session")
def data(issue: tuple[IssueData, Files]) -> IssueData:
    return issue[0]
