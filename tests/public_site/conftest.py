"""One issue of the small state for all tests of the public site, made once in a database of its own."""

import os

import pytest

from tests.public_site.issue import Files, rendered
from thucthi.config.supervisor import LocalPostgres
from thucthi.publication.shapes import IssueData


@pytest.fixture(scope="session")
def issue(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> tuple[IssueData, Files]:
    """What was read, and the files that were made of it."""
    # A browser that is open in this process has an event loop in its thread, in which the ORM refuses to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with django_db_blocker.unblock():
        found = rendered(postgres, tmp_path_factory.mktemp("published"))
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    return found


@pytest.fixture(scope="session")
def site(issue: tuple[IssueData, Files]) -> Files:
    return issue[1]


@pytest.fixture(scope="session")
def data(issue: tuple[IssueData, Files]) -> IssueData:
    return issue[0]
