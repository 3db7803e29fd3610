"""Statutory times of the stages of law-making."""

from datetime import date

from django.db.models import Q, QuerySet

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level, Organisation, Role
from thucthi.documents.models import StatutoryClock


def clock_valid_on(type: str, stage: str, on: date) -> StatutoryClock | None:
    """The time the law gives this stage on that day; None when it sets none."""
    return _valid(on).filter(type=type, stage=stage).order_by("-valid_from").first()


def _valid(on: date) -> QuerySet[StatutoryClock]:
    return StatutoryClock.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


def all_clocks() -> QuerySet[StatutoryClock]:
    """Every time ever set, the newest of a stage first."""
    return StatutoryClock.objects.order_by("type", "stage", "-valid_from")


def keeps_clocks_at_the_centre(viewer: Viewer) -> bool:
    """Whether the viewer works in the steering office of a central body: statutory times hold for the whole country."""
    ids = viewer.organisation_ids(Role.STEERING_OFFICE)
    return bool(ids) and Organisation.objects.filter(pk__in=ids, level=Level.CENTRAL).exists()
