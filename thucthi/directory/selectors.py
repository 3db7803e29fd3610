"""Reading the directory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thucthi.directory import reads
from thucthi.directory.access import (
    ANONYMOUS,
    DELEGABLE_ROLES,
    WORKING_ROLES,
    Grant,
    Viewer,
    can_delegate,
    can_keep_tokens_of,
    can_rearrange,
    may_work,
)
from thucthi.directory.models import (
    Account,
    ApiToken,
    Delegation,
    Leadership,
    Level,
    Membership,
    Organisation,
    OrganisationName,
    Placement,
    Post,
    Role,
    Succession,
    Tenure,
)
from thucthi.kernel.bearer import digest_of
from thucthi.kernel.errors import NotVisible
from thucthi.kernel.prepared import Prepared
from thucthi.kernel.vietnamese_text import fold

# The account's own memberships, and those lent to it by an absent holder who still has them himself. A union of two:
# with OR the database would walk through everybody's memberships. Written out, because it is asked at every request and
# composing it anew cost more than answering it.
HELD_OR_LENT = Prepared(
    "directory_held_or_lent",
    """
WITH in_force AS NOT MATERIALIZED (
    SELECT * FROM directory_membership WHERE valid_from <= %(day)s AND (valid_to IS NULL OR valid_to > %(day)s)
)
SELECT held.organisation_id, held.role, held.account_id, organisation.short_name
FROM (
    SELECT * FROM in_force WHERE account_id = %(account)s
    UNION
    SELECT in_force.* FROM directory_delegation lent
    JOIN directory_account giver ON giver.id = lent.giver_id AND giver.is_active
    JOIN in_force ON in_force.account_id = giver.id AND in_force.organisation_id = lent.organisation_id
        AND in_force.role = lent.role
    WHERE lent.receiver_id = %(account)s AND lent.revoked_on IS NULL
        AND lent.valid_from <= %(day)s AND lent.valid_to >= %(day)s
) held
JOIN directory_organisation organisation ON organisation.id = held.organisation_id
ORDER BY held.id
""",
    {"account": "bigint", "day": "date"},
)

# Below this share of common three-letter pieces a near miss is no longer recognisable as one.
NEAR_ENOUGH = 0.5


@dataclass(frozen=True)
class OrganisationPage:
    """Everything the directory knows of one organisation; `heirs` answer for it on the day asked for, if it ended."""

    organisation: Organisation
    heirs: tuple[Organisation, ...]
    lineage: list[Organisation]
    children: QuerySet[Organisation]
    names: list[OrganisationName]
    placements: list[Placement]
    predecessors: list[Succession]
    successors: list[Succession]
    leads: list[Leadership]
    led_by: list[Leadership]
    posts: list[Post]


def viewer_of(user: Any, on: date | None = None) -> Viewer:
    """The viewer behind a signed-in account, with the memberships in force today (or `on`)."""
    if not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    grants = HELD_OR_LENT.rows(account=user.pk, day=on or timezone.localdate())
    return Viewer(
        account_id=user.pk,
        label=user.get_username(),
        grants=tuple(
            Grant(organisation_id, Role(role), None if holder == user.pk else holder)
            for organisation_id, role, holder, _name in grants
        ),
        units=tuple(dict.fromkeys(name for *_grant, name in grants)),
    )


def steers_from_the_centre(viewer: Viewer) -> bool:
    """Whether the viewer belongs to the steering office of a central body."""
    offices = viewer.organisation_ids(Role.STEERING_OFFICE)
    return bool(offices) and Organisation.objects.filter(pk__in=offices, level=Level.CENTRAL).exists()


def rearrangeable_by(viewer: Viewer, organisation: Organisation) -> bool:
    """Whether the viewer may record a change of the tree that concerns it."""
    return can_rearrange(viewer, [organisation.path], from_the_centre=steers_from_the_centre(viewer))


def organisation_for(viewer: Viewer, code: str) -> Organisation:
    """The organisation of that code; the tree itself is no secret to anyone who works here."""
    found = reads.CODED.row(code=code.lower()) if may_work(viewer) or viewer.is_system else None
    if found is None:
        raise NotVisible(_("Không tìm thấy cơ quan này."))
    return found


def organisation_page(viewer: Viewer, code: str, on: date) -> OrganisationPage:
    """Raises NotVisible. Posts carry `.holders`, newest first."""
    shown = organisation_for(viewer, code)
    lineage = {row.pk: row for row in reads.LINEAGE.rows(path=shown.path)}
    return OrganisationPage(
        organisation=shown,
        heirs=answering_for(shown, on) if shown.valid_to and shown.valid_to < on else (),
        lineage=[lineage[pk] for pk in shown.path[:-1]],
        children=shown.children.live(on).order_by("sort_key", "code"),
        names=reads.NAMES.rows(body=shown.pk),
        placements=reads.PLACEMENTS.rows(body=shown.pk),
        predecessors=predecessors_of(shown),
        successors=successors_of(shown),
        leads=reads.LEADS.rows(body=shown.pk),
        led_by=reads.LED_BY.rows(body=shown.pk),
        posts=_posts_of(shown),
    )


def _posts_of(organisation: Organisation) -> list[Any]:
    posts: list[Any] = reads.POSTS.rows(body=organisation.pk)
    holders: dict[int, list[Tenure]] = {post.pk: [] for post in posts}
    for tenure in reads.HOLDERS.rows(posts=list(holders)) if posts else ():
        holders[tenure.post_id].append(tenure)
    for post in posts:
        post.holders = holders[post.pk]
    return posts


def all_organisations() -> QuerySet[Organisation]:
    """Living ones first, the tops of the trees before what stands below them."""
    return Organisation.objects.order_by(F("valid_to").desc(nulls_first=True), "path__len", "sort_key", "code")


def answering_for(organisation: Organisation, on: date) -> tuple[Organisation, ...]:
    """Who answers on that day for what `organisation` leads: itself while it exists, else its successors in turn.

    Ordered by Vietnamese name. Empty when nobody succeeded it.
    """
    return answering_for_many([organisation], on)[organisation.pk]


def answering_for_many(organisations: Iterable[Organisation], on: date) -> dict[int, tuple[Organisation, ...]]:
    """`answering_for` of each, by id, with one query per generation of successors."""
    asked = {row.pk: row for row in organisations}
    living: dict[int, dict[int, Organisation]] = {pk: {} for pk in asked}
    known, seen = dict(asked), {(pk, pk) for pk in asked}
    waiting = [(pk, pk) for pk in asked]
    while waiting:
        ended = [(first, pk) for first, pk in waiting if _has_ended(known[pk], on)]
        for first, pk in set(waiting) - set(ended):
            living[first][pk] = known[pk]
        steps = Succession.objects.filter(
            predecessor__in={pk for _first, pk in ended}, event__effective_on__lte=on
        ).select_related("successor")
        heirs: dict[int, list[int]] = {}
        for step in steps:
            known[step.successor_id] = step.successor
            heirs.setdefault(step.predecessor_id, []).append(step.successor_id)
        waiting = sorted({(first, heir) for first, pk in ended for heir in heirs.get(pk, [])} - seen)
        seen |= set(waiting)
    return {pk: tuple(sorted(rows.values(), key=_by_name)) for pk, rows in living.items()}


def led_then(organisation: Organisation, then: date, on: date) -> tuple[Organisation, ...]:
    """The bodies that stood on the day `then` and for whose duties `organisation` answers on `on`, by name.

    Itself is among them if it stood then. The inverse of `answering_for`.
    """
    found, waiting = {organisation.pk: organisation}, [organisation.pk]
    while waiting:
        steps = Succession.objects.filter(successor__in=waiting, event__effective_on__lte=on)
        older = {step.predecessor_id: step.predecessor for step in steps.select_related("predecessor")}
        waiting = [pk for pk in older if pk not in found]
        found |= older
    stood = [row for row in found.values() if not _has_ended(row, then) and not (row.valid_from or then) > then]
    answering = answering_for_many(stood, on)
    return tuple(sorted((row for row in stood if organisation in answering[row.pk]), key=_by_name))


def _has_ended(organisation: Organisation, on: date) -> bool:
    return organisation.valid_to is not None and organisation.valid_to < on


def _by_name(organisation: Organisation) -> tuple[str, int]:
    return (organisation.sort_key, organisation.pk)


def successors_of(organisation: Organisation) -> list[Succession]:
    return reads.SUCCESSORS.rows(body=organisation.pk)


def predecessors_of(organisation: Organisation) -> list[Succession]:
    return reads.PREDECESSORS.rows(body=organisation.pk)


def heads_on(organisation_ids: Iterable[int], day: date) -> dict[int, Tenure]:
    """Who held the head's post of each organisation on that day (D32); organisations without a holder are left out."""
    asked = list(organisation_ids)
    held = reads.HEADS.rows(bodies=asked, day=day) if asked else []
    return {tenure.post.organisation_id: tenure for tenure in held}


def search_organisations(text: str, limit: int) -> list[Organisation]:
    """By any name it bears or bore, alias or code, with or without accents.

    Living ones first, then the nearest wording; if nothing holds every word, near misses.
    """
    asked = fold(text)
    if not asked:
        return []
    rows = Organisation.objects.annotate(nearness=TrigramWordSimilarity(asked, "search_text"))
    holding = rows
    for word in asked.split():
        holding = holding.filter(search_text__contains=word)
    order = (F("valid_to").desc(nulls_first=True), "-nearness", "sort_key", "code")
    return list(holding.order_by(*order)[:limit]) or list(
        rows.filter(nearness__gte=NEAR_ENOUGH).order_by("-nearness", "sort_key", "code")[:limit]
    )


def named_exactly(text: str) -> list[Organisation]:
    """Organisations whose code, alias or one name, today's or a former one, is `text`, accents and case aside."""
    asked = fold(text)
    likely = Organisation.objects.filter(search_text__contains=asked) if asked else Organisation.objects.none()
    return [row for row in likely.order_by("sort_key", "code") if asked in row.search_text.split(" | ")]


def administered_organisations(viewer: Viewer) -> QuerySet[Organisation]:
    """Those whose accounts the viewer administers: her own and everything below."""
    held = list(viewer.organisation_ids(Role.ACCOUNT_ADMIN))
    return Organisation.objects.filter(path__overlap=held).order_by("sort_key", "code")


def administered_memberships(viewer: Viewer) -> QuerySet[Membership]:
    """Roles past and present in those organisations."""
    return (
        Membership.objects.filter(organisation__in=administered_organisations(viewer).order_by().values("pk"))
        .select_related("organisation", "account__person")
        .order_by("organisation__sort_key", "role", "-valid_from")
    )


def administered_accounts(viewer: Viewer) -> QuerySet[Account]:
    """Accounts that play or played a role there, with those roles as `.roles_here`."""
    here = administered_memberships(viewer)
    accounts = Account.objects.filter(pk__in=here.order_by().values("account"))
    return accounts.select_related("person").prefetch_related(Prefetch("memberships", here, "roles_here"))


def search_accounts(viewer: Viewer, text: str) -> QuerySet[Account]:
    """Administered accounts by a part of the user name or of the person's name."""
    found = administered_accounts(viewer).order_by("username")
    return found.filter(Q(username__icontains=text) | Q(person__display_name__icontains=text)) if text else found


def account_for(viewer: Viewer, username: str) -> Account:
    """Raises NotVisible for an unknown account and for one without a role in an organisation of the viewer's."""
    found = administered_accounts(viewer).filter(username=username).first()
    if found is None:
        raise NotVisible(_("Không tìm thấy tài khoản này trong các cơ quan ông/bà quản trị."))
    return found


def membership_for(viewer: Viewer, username: str, pk: int) -> Membership:
    """Raises NotVisible unless it is a role of that account in an organisation of the viewer's."""
    found = administered_memberships(viewer).filter(account__username=username, pk=pk).first()
    if found is None:
        raise NotVisible(_("Không tìm thấy vai trò này trong các cơ quan ông/bà quản trị."))
    return found


def paths_of_account(account: Account) -> list[list[int]]:
    """Lineages of the organisations where it holds a role without an end; of all it ever served when there is none."""
    held = Membership.objects.filter(account=account).select_related("organisation")
    return [row.organisation.path for row in held.filter(valid_to__isnull=True) or held]


def works_in(account: Account, organisation_id: int, on: date) -> bool:
    """Active, with a working role of its own in exactly this organisation."""
    held = Membership.objects.in_force(on).filter(account=account, organisation=organisation_id, role__in=WORKING_ROLES)
    return account.is_active and held.exists()


def lendable_by(viewer: Viewer, on: date) -> list[Membership]:
    """The memberships the viewer may lend for a time: those he holds himself, and those of whom he administers."""
    place = Q(account=viewer.account_id) | Q(
        organisation__in=administered_organisations(viewer).order_by().values("pk")
    )
    rows = Membership.objects.in_force(on).filter(place, role__in=DELEGABLE_ROLES, account__is_active=True)
    return list(rows.select_related("account", "organisation").order_by("organisation__sort_key", "role", "pk")[:500])


def delegations_around(viewer: Viewer) -> list[tuple[Delegation, bool]]:
    """Those in the viewer's organisations or under his administration, the newest first; whether he may revoke."""
    around = Q(organisation__in=viewer.organisation_ids()) | Q(giver=viewer.account_id) | Q(receiver=viewer.account_id)
    around |= Q(organisation__in=administered_organisations(viewer).order_by().values("pk"))
    rows = Delegation.objects.filter(around).select_related("organisation", "giver", "receiver")
    return [
        (row, can_delegate(viewer, row.giver_id, row.organisation_id, row.organisation.path, row.role))
        for row in rows.order_by("-valid_from", "-pk")[:200]
    ]


def delegation_for(viewer: Viewer, pk: int) -> Delegation:
    """Raises NotVisible unless it is around the viewer."""
    found = next((row for row, _may in delegations_around(viewer) if row.pk == pk), None)
    if found is None:
        raise NotVisible(_("Không tìm thấy ủy quyền này trong phạm vi của ông/bà."))
    return found


def bodies_with_tokens_kept_by(viewer: Viewer) -> QuerySet[Organisation]:
    """Those for which the viewer may give a program a token."""
    headed = Q(pk__in=viewer.organisation_ids(Role.HEAD))
    below = Q(path__overlap=list(viewer.organisation_ids(Role.ACCOUNT_ADMIN)))
    return Organisation.objects.filter(headed | below).order_by("sort_key", "code")


def tokens_kept_by(viewer: Viewer) -> QuerySet[ApiToken]:
    """Newest first."""
    bodies = bodies_with_tokens_kept_by(viewer).order_by().values("pk")
    return ApiToken.objects.filter(organisation__in=bodies).select_related("organisation", "created_by").order_by("-pk")


def token_for(viewer: Viewer, pk: int) -> ApiToken:
    """Raises NotVisible for an unknown one and for those of other bodies."""
    found = ApiToken.objects.select_related("organisation").filter(pk=pk).first()
    if found is None or not can_keep_tokens_of(viewer, found.organisation.path):
        raise NotVisible(_("Không có khóa này, hoặc ông/bà không quản lý khóa của cơ quan này."))
    return found


def token_in_force(secret: str, now: datetime, today: date) -> ApiToken | None:
    """The entry of a token that still holds, found by its digest; the body it reads for must still exist."""
    held = ApiToken.objects.select_related("organisation").filter(digest=digest_of(secret)).first()
    if held is None or held.expires_on < today or (held.revoked_at is not None and held.revoked_at <= now):
        return None
    ended = held.organisation.valid_to
    return held if ended is None or ended >= today else None


def viewer_of_token(token: ApiToken) -> Viewer:
    """A program sees what whoever reports for the body sees, and is nobody: it has no account to act with."""
    body = token.organisation
    return Viewer(
        account_id=None,
        label=f"API {token.prefix}",
        grants=(Grant(body.pk, Role.REPORTER),),
        units=(body.short_name,),
    )
