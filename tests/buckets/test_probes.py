"""What those who stand watch are told of a store."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from tests.buckets.server import Store
from tests.operation.readers import samples

UP = ("thucthi_evidence_store_up", ())


@pytest.mark.django_db
def test_a_silent_store_is_told_and_takes_no_page_away(store: Store, settings: Any) -> None:
    settings.OPERATORS = (ip_network("127.0.0.0/8"),)
    store.evidence(settings)
    operator = Client()
    assert operator.get("/readyz").json()["should"]["evidence"] == "ok"
    assert samples(operator.get("/metrics").content.decode())[UP] == 1
    store.stop()
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["should"]["evidence"]) == (200, "store is silent")
    assert "disk of evidence" not in answer.json()["should"]
    assert samples(operator.get("/metrics").content.decode())[UP] == 0
