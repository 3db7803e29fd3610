"""The whole demonstration in order, each part through the ordinary actions of its app."""

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.utils import timezone

from thucthi.demonstration.loading_accountability import load_accountability
from thucthi.demonstration.loading_attention import load_attention
from thucthi.demonstration.loading_coordination import load_coordination
from thucthi.demonstration.loading_cycle import load_cycle
from thucthi.demonstration.loading_facts import load_story
from thucthi.demonstration.loading_graph import load_graph
from thucthi.demonstration.loading_instruments import load_instruments
from thucthi.demonstration.loading_intent import load_documents, load_frames, load_programmes
from thucthi.demonstration.loading_ladder import load_ladder
from thucthi.demonstration.loading_measures import load_measures
from thucthi.demonstration.loading_organisations import load_events, load_organisations
from thucthi.demonstration.loading_people import load_people, viewer_named
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Account, Organisation
from thucthi.monitoring.tasks import keep_due_questions
from thucthi.publication.actions import prepare_snapshot, publish_snapshot
from thucthi.publication.models import SnapshotKind, SnapshotPublication
from thucthi.publication.signing import make_test_key
from thucthi.reporting.actions import create_obligations

Say = Callable[[str, str], None]
# The two newest issues, so that "what changed this week" has something to compare with.
ISSUES = (
    (SnapshotKind.MONTHLY, date(2026, 10, 31)),
    (SnapshotKind.WEEKLY, date(2026, 11, 15)),
    (SnapshotKind.WEEKLY, date(2026, 11, 22)),
)
PUBLISHER = "cong-bo-2"


def is_loaded() -> bool:
    """Whether anything at all is in the database."""
    return Organisation.objects.exists()


def is_ours() -> bool:
    """Whether what is there is this demonstration, and not an installation's own data."""
    return Account.objects.filter(username=PUBLISHER, person__is_invented=True).exists()


def be_patient() -> None:
    """For the rest of this transaction the database waits for a slow machine; nobody else waits for it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")


def load_all(*, say: Say) -> None:
    """Everything but the issues. Raises whatever an action refuses; the caller's transaction undoes the rest."""
    be_patient()
    say("Đang nạp cơ quan, đơn vị hành chính", "organisations: 34 provinces, 3,321 communes, ministries, Party bodies")
    organisations = load_events(load_organisations())
    load_people(organisations)
    say("Đang nạp nghị quyết, khung kiểm soát, chương trình", "resolutions, control frames, programmes, tasks")
    documents = load_documents(organisations)
    load_frames(organisations, documents)
    load_programmes(organisations, documents)
    load_measures(organisations, documents)
    say("Đang diễn 17 tuần báo cáo mô phỏng", "seventeen weeks of simulated reports")
    load_story(organisations)
    load_instruments(organisations, documents)
    load_coordination(organisations, documents)
    load_graph(organisations, documents)
    load_accountability(organisations, documents)
    load_ladder(organisations, documents)
    # So that a newcomer has something to report on this week.
    create_obligations(by=SYSTEM, on=timezone.localdate())
    load_cycle(organisations, documents)
    load_attention(organisations, documents)
    # So that a newcomer need not wait for the night; the years before are counted by the worker.
    keep_due_questions([timezone.localdate().year], timezone.localdate())


def publish_issues(*, say: Say) -> None:
    """Prepare as the system and publish as the demonstration's publisher, the way a real office does it.

    Issues that are out already are left alone, so that a load cut off here can be finished by the next start.
    """
    make_test_key()
    out = set(SnapshotPublication.objects.values_list("snapshot__kind", "snapshot__as_of"))
    for kind, as_of in ISSUES:
        if (kind, as_of) in out:
            continue
        say(f"Đang dựng kỳ công bố đến ngày {as_of:%d/%m/%Y}", f"issue as of {as_of}")
        snapshot = prepare_snapshot(by=SYSTEM, kind=kind, as_of=as_of)
        publish_snapshot(snapshot, by=viewer_named(PUBLISHER))
