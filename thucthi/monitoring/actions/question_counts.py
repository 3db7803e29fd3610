"""Keeping what was counted of questions about figures. Nothing is stated and nobody decides: the ledger is not told."""

from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import require
from thucthi.monitoring.models import KeptCases, KeptQuestion, PeerFinding, QuestionCount
from thucthi.monitoring.selectors.question_counts import Counted

AT_ONCE = 2_000


@transaction.atomic
def keep_questions(found: Counted, *, by: Viewer) -> QuestionCount:
    """In the place of what was counted before of the same organisations and year. Raises Forbidden but for the system.

    Whatever was counted later stays: two that count at one moment leave the newer one.
    """
    require(by.is_system, _("Câu hỏi về số liệu do hệ thống tự đếm, không ai sửa tay."))
    QuestionCount.objects.get_or_create(kind=found.kind, year=found.year, defaults={"counted_at": found.counted_at})
    count = QuestionCount.objects.select_for_update().get(kind=found.kind, year=found.year)
    if count.counted_at > found.counted_at:
        return count
    KeptQuestion.objects.filter(count=count).delete()
    PeerFinding.objects.filter(count=count).delete()
    KeptCases.objects.filter(count=count).delete()
    QuestionCount.objects.filter(pk=count.pk).update(counted_at=found.counted_at)
    rows = iter(found.questions)
    while some := [_of(count, row) for row in islice(rows, AT_ONCE)]:
        KeptQuestion.objects.bulk_create(some)
    PeerFinding.objects.bulk_create(_findings(found, count), batch_size=AT_ONCE)
    KeptCases.objects.bulk_create(_cases(found, count), batch_size=AT_ONCE)
    count.refresh_from_db()
    return count


def _of(count: QuestionCount, row: KeptQuestion) -> KeptQuestion:
    row.count = count
    return row


def _findings(found: Counted, count: QuestionCount) -> list[PeerFinding]:
    return [
        PeerFinding(
            count=count, organisation_id=body, matter=matter.value, check_code=check,
            own=tested.own, peers=tested.peers, counted=tested.counted, p=tested.p,
        )
        for matter, checks in found.oddities.items()
        for check, units in checks.items()
        for body, tested in units.items()
    ]  # fmt: skip


def _cases(found: Counted, count: QuestionCount) -> list[KeptCases]:
    return [
        KeptCases(count=count, organisation_id=body, part=part.value, good=good, counted=counted)
        for body, part, good, counted in found.cases
    ]
