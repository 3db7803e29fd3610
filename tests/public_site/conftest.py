"""One issue of the small state for all tests of this folder."""

import pytest

from tests.public_site.issue import Files, rendered
from thucthi.config.supervisor import LocalPostgres


@pytest.fixture(scope="session")
def site(
    postgres: LocalPostgres, django_db_setup: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Files:
    with django_db_blocker.unblock():
        return rendered(postgres, tmp_path_factory.mktemp("published"))
