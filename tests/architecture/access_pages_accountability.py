"""Something behind every address of accountability, for access_world."""

from datetime import date
from typing import Any

from django.utils import timezone

from tests.people import State
from thucthi.directory.access import SYSTEM
from thucthi.documents.models import Document
from thucthi.kernel.periods import Frequency, span_containing
from thucthi.programmes.actions.cascade import oblige_programmes


def pages_of_accountability(state: State, public: Document, internal: Document) -> dict[str, dict[str, Any]]:
    """The province owes a programme under the public document; its head has a tenure."""
    oblige_programmes(
        public, by=SYSTEM, organisations=[state.province], due_on=date(2026, 6, 30), basis="Điều 3 của nghị quyết"
    )
    tenure = state.head_post(state.province).tenures.get()
    code, quarter = state.province.code, span_containing(timezone.localdate(), Frequency.QUARTERLY).key
    plain = ("accountability", "ageing", "changes", "counters", "cascades", "sectors", "silence")
    documents = {"public": public.slug, "internal": internal.slug}
    return {
        **{f"monitoring:{name}": {} for name in plain},
        **{f"monitoring:{name}": {"code": code} for name in ("scorecard", "heads")},
        **{f"monitoring:cascade#{kind}": {"slug": slug} for kind, slug in documents.items()},
        **{f"monitoring:oblige#{kind}": {"slug": slug} for kind, slug in documents.items()},
        "monitoring:reply": {"code": code, "period": quarter},
        "monitoring:tenure": {"code": code, "pk": tenure.pk},
        "monitoring:dossier": {"code": code, "form": "csv"},
        "monitoring:lift_duty": {"slug": public.slug, "code": code},
    }
