"""Merge, split, rename, move, dissolve: recorded changes of the tree, each with who answers afterwards."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.actions.faults_of_events import ENDING, faults_of, followers_of
from thucthi.directory.actions.organisations import searchable
from thucthi.directory.models import (
    EventKind,
    Leadership,
    Organisation,
    OrganisationEvent,
    OrganisationName,
    Placement,
    Succession,
    Tenure,
)
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.kernel.errors import refuse_if, require
from thucthi.kernel.vietnamese_text import nfc, sort_key
from thucthi.ledger.actions import record

# Changes of the tree are rare and concern each other: one at a time, else two moves could close a circle.
_TREE_LOCK = 0x7468_7563


@dataclass(frozen=True)
class NewEvent:
    """A change of the tree on one day.

    Merge (one successor), split (two or more) and dissolve (any) end their predecessors the day before; a body that
    absorbs others goes on and is only a successor. Whatever stands below a body that ends follows its one successor.
    Rename and move take one predecessor, which goes on, with `new_name` or `new_parent`.
    """

    code: str
    kind: str
    effective_on: date
    legal_basis: str
    predecessors: tuple[Organisation, ...]
    successors: tuple[Organisation, ...] = ()
    note: str = ""
    new_name: str = ""
    new_short_name: str = ""
    new_parent: Organisation | None = None


@transaction.atomic
def record_event(*, by: Viewer, event: NewEvent) -> OrganisationEvent:
    """Record the event and let the tree follow. Raises Forbidden, Refused (all faults at once); nothing half done."""
    sentence = _("Chỉ cơ quan thường trực chỉ đạo được ghi nhận việc sắp xếp tổ chức trong phạm vi của mình.")
    require(access.may_change_the_tree(by), sentence)
    event = _as_it_stands(event)
    involved = [*event.predecessors, *event.successors, *([event.new_parent] if event.new_parent else [])]
    central = steers_from_the_centre(by)
    # Nothing chosen yet is a fault of the form, not of the person.
    require(
        not involved or access.can_rearrange(by, [row.path for row in involved], from_the_centre=central), sentence
    )
    refuse_if(faults_of(event))
    made = OrganisationEvent.objects.create(
        code=event.code.lower(),
        kind=event.kind,
        effective_on=event.effective_on,
        legal_basis=nfc(event.legal_basis.strip()),
        note=nfc(event.note.strip()),
    )
    Succession.objects.bulk_create(
        Succession(event=made, predecessor=old, successor=new) for old in event.predecessors for new in event.successors
    )
    followers = _carry_out(event)
    record(
        "organisation_event.recorded",
        by=by,
        subject=made,
        kind=str(event.kind),
        effective_on=event.effective_on,
        legal_basis=made.legal_basis,
        predecessors=[row.code for row in event.predecessors],
        successors=[row.code for row in event.successors],
        followers=[row.code for row in followers],
        new_name=event.new_name,
        new_parent=event.new_parent.code if event.new_parent else None,
    )
    return made


def _as_it_stands(event: NewEvent) -> NewEvent:
    """The same event with its organisations read anew under the lock, each once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
    named = [*event.predecessors, *event.successors, *([event.new_parent] if event.new_parent else [])]
    ids = sorted({row.pk for row in named})
    fresh = {row.pk: row for row in Organisation.objects.select_for_update(of=("self",)).filter(pk__in=ids)}
    return replace(
        event,
        predecessors=tuple(fresh[pk] for pk in dict.fromkeys(row.pk for row in event.predecessors)),
        successors=tuple(fresh[pk] for pk in dict.fromkeys(row.pk for row in event.successors)),
        new_parent=fresh[event.new_parent.pk] if event.new_parent else None,
    )


def _carry_out(event: NewEvent) -> list[Organisation]:
    """Change the tree; gives who followed a successor."""
    if event.kind == EventKind.RENAME:
        _rename(event.predecessors[0], event)
    elif event.kind == EventKind.MOVE and event.new_parent:
        _place_under(event.new_parent, event.predecessors[0], event.effective_on)
    elif event.kind in ENDING:
        return _end(event)
    return []


def _end(event: NewEvent) -> list[Organisation]:
    """The bodies end with the day before; their names, places, leaderships and holders of posts end with them."""
    followers = followers_of(event)
    for row in followers:
        _place_under(event.successors[0], row, event.effective_on)
    last = _day_before(event.effective_on)
    ended = [row.pk for row in event.predecessors]
    still_open = Q(valid_to__isnull=True) | Q(valid_to__gt=last)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=last)
    Organisation.objects.filter(pk__in=ended).update(valid_to=last)
    OrganisationName.objects.filter(still_open & begun, organisation__in=ended).update(valid_to=last)
    Placement.objects.filter(still_open & begun, organisation__in=ended).update(valid_to=last)
    Leadership.objects.filter(still_open & begun & (Q(led__in=ended) | Q(leader__in=ended))).update(valid_to=last)
    Tenure.objects.filter(still_open, post__organisation__in=ended, valid_from__lte=last).update(valid_to=last)
    return followers


def _rename(organisation: Organisation, event: NewEvent) -> None:
    last = _day_before(event.effective_on)
    organisation.names.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    organisation.official_name = nfc(event.new_name.strip())
    organisation.short_name = nfc((event.new_short_name or event.new_name).strip())
    organisation.sort_key = sort_key(organisation.official_name)
    OrganisationName.objects.create(
        organisation=organisation,
        official_name=organisation.official_name,
        short_name=organisation.short_name,
        valid_from=event.effective_on,
    )
    borne = [name for row in organisation.names.order_by("-pk") for name in (row.official_name, row.short_name)]
    organisation.search_text = searchable(organisation.code, *borne, *organisation.aliases)
    organisation.save(update_fields=["official_name", "short_name", "search_text", "sort_key"])


def _place_under(parent: Organisation, organisation: Organisation, effective_on: date) -> None:
    """The whole subtree follows: the part of each lineage above the moved body is exchanged in one statement."""
    last = _day_before(effective_on)
    organisation.placements.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    Placement.objects.create(organisation=organisation, parent=parent, valid_from=effective_on)
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_organisation SET path = %s::bigint[] || path[array_position(path, %s::bigint):]"
            " WHERE path @> ARRAY[%s::bigint]",
            [parent.path, organisation.pk, organisation.pk],
        )


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
