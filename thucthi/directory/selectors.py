"""Reading the directory."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory.access import ANONYMOUS, Grant, Viewer, may_work
from thucthi.directory.models import Account, Level, Membership, Organisation, Role, Succession, Tenure
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.vietnamese_text import fold

# Below this share of common three-letter pieces a near miss is no longer recognisable as one.
NEAR_ENOUGH = 0.5


def viewer_of(user: Any, on: date | None = None) -> Viewer:
    """The viewer behind a signed-in account, with the memberships in force today (or `on`)."""
    if not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    grants = Membership.objects.in_force(on or timezone.localdate()).filter(account=user).order_by("pk")
    return Viewer(
        account_id=user.pk,
        label=user.get_username(),
        grants=tuple(Grant(row.organisation_id, Role(row.role)) for row in grants),
    )


def steers_from_the_centre(viewer: Viewer) -> bool:
    """Whether the viewer belongs to the steering office of a central body."""
    offices = viewer.organisation_ids(Role.STEERING_OFFICE)
    return bool(offices) and Organisation.objects.filter(pk__in=offices, level=Level.CENTRAL).exists()


def organisation_for(viewer: Viewer, code: str) -> Organisation:
    """The organisation of that code; the tree itself is no secret to anyone who works here."""
    found = Organisation.objects.filter(code=code.lower()).first() if may_work(viewer) or viewer.is_system else None
    if found is None:
        raise NotVisible(_("Không tìm thấy cơ quan này."))
    return found


def answering_for(organisation: Organisation, on: date) -> tuple[Organisation, ...]:
    """Who answers on that day for what `organisation` leads: itself while it exists, else its successors in turn.

    Ordered by Vietnamese name. Empty when nobody succeeded it.
    """
    waiting, seen, living = [organisation], {organisation.pk}, {}
    while waiting:
        current = waiting.pop()
        if current.valid_to is None or current.valid_to >= on:
            living[current.pk] = current
            continue
        for step in Succession.objects.filter(predecessor=current, event__effective_on__lte=on).select_related(
            "successor"
        ):
            if step.successor_id not in seen:
                seen.add(step.successor_id)
                waiting.append(step.successor)
    return tuple(sorted(living.values(), key=lambda heir: (heir.sort_key, heir.pk)))


def successors_of(organisation: Organisation) -> list[Succession]:
    return list(organisation.successions.select_related("successor", "event").order_by("event__effective_on", "pk"))


def predecessors_of(organisation: Organisation) -> list[Succession]:
    return list(organisation.inheritances.select_related("predecessor", "event").order_by("event__effective_on", "pk"))


def heads_on(organisation_ids: Iterable[int], day: date) -> dict[int, Tenure]:
    """Who held the head's post of each organisation on that day (D32); organisations without a holder are left out."""
    held = Tenure.objects.filter(
        post__is_head=True, post__organisation_id__in=list(organisation_ids), valid_from__lte=day
    ).exclude(valid_to__lt=day)
    return {tenure.post.organisation_id: tenure for tenure in held.select_related("post", "person")}


def search_organisations(text: str, limit: int) -> list[Organisation]:
    """By official name, short name, alias or code, with or without accents; living ones first, near misses last."""
    asked = fold(text)
    if not asked:
        return []
    rows = Organisation.objects.all()
    for word in asked.split():
        rows = rows.filter(search_text__contains=word)
    found = list(rows.order_by("-valid_to", "level", "sort_key")[:limit])
    if found:
        return found
    near = Organisation.objects.annotate(nearness=TrigramWordSimilarity(asked, "search_text"))
    return list(near.filter(nearness__gte=NEAR_ENOUGH).order_by("-nearness", "sort_key")[:limit])


def named_exactly(text: str) -> list[Organisation]:
    """Organisations whose code, official name, short name or one alias is `text`, accents and case aside."""
    asked = fold(text)
    likely = Organisation.objects.filter(search_text__contains=asked) if asked else Organisation.objects.none()
    return [row for row in likely.order_by("sort_key") if asked in map(fold, _names(row))]


def _names(organisation: Organisation) -> list[str]:
    return [organisation.code, organisation.official_name, organisation.short_name, *organisation.aliases]


def paths_of_account(account: Account) -> list[list[int]]:
    """Lineages of the organisations where it holds a role without an end; of all it ever served when there is none."""
    held = Membership.objects.filter(account=account).select_related("organisation")
    return [row.organisation.path for row in held.filter(valid_to__isnull=True) or held]
