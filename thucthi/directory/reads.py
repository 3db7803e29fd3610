"""What the page of an organisation asks, each composed once (kernel/composed.py)."""

from django.db.models import F

from thucthi.directory.models import (
    Leadership,
    Organisation,
    OrganisationName,
    Placement,
    Post,
    Succession,
    Tenure,
)
from thucthi.kernel.composed import Composed, among, given_day, given_id, given_text

_BODY = given_id("body")
_NEWEST_FIRST = F("valid_from").desc(nulls_last=True)
CODED = Composed("directory_coded", lambda: Organisation.objects.filter(code=given_text("code")))
LINEAGE = Composed("directory_lineage", lambda: Organisation.objects.filter(among("pk", "path")))
NAMES = Composed("directory_names", lambda: OrganisationName.objects.filter(organisation=_BODY).order_by(_NEWEST_FIRST))
PLACEMENTS = Composed(
    "directory_placements",
    lambda: Placement.objects.filter(organisation=_BODY).select_related("parent").order_by(_NEWEST_FIRST),
)
LEADS = Composed(
    "directory_leads",
    lambda: Leadership.objects.filter(leader=_BODY).select_related("led").order_by("led__sort_key"),
)
LED_BY = Composed(
    "directory_led_by",
    lambda: Leadership.objects.filter(led=_BODY).select_related("leader").order_by("leader__sort_key"),
)
POSTS = Composed("directory_posts", lambda: Post.objects.filter(organisation=_BODY).order_by("-is_head", "pk"))
HOLDERS = Composed(
    "directory_holders",
    lambda: Tenure.objects.filter(among("post", "posts")).select_related("person").order_by("-valid_from"),
)
SUCCESSORS = Composed(
    "directory_successors",
    lambda: (
        Succession.objects.filter(predecessor=_BODY)
        .select_related("successor", "event")
        .order_by("event__effective_on", "pk")
    ),
)
PREDECESSORS = Composed(
    "directory_predecessors",
    lambda: (
        Succession.objects.filter(successor=_BODY)
        .select_related("predecessor", "event")
        .order_by("event__effective_on", "pk")
    ),
)
HEADS = Composed(
    "directory_heads",
    lambda: (
        Tenure.objects.filter(
            among("post__organisation_id", "bodies"), post__is_head=True, valid_from__lte=given_day("day")
        )
        .exclude(valid_to__lt=given_day("day"))
        .select_related("post", "person")
    ),
)
