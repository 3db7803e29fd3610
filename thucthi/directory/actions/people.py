"""Posts and who holds them, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation, Person, Post, Tenure
from thucthi.directory.selectors import steers_from_the_centre
from thucthi.kernel.errors import Fault, Refused, require
from thucthi.ledger.actions import record


@dataclass(frozen=True)
class NewHolder:
    """A person, new to the directory, in a post of an organisation; the post is made if it is not there yet."""

    organisation: Organisation
    title: str
    is_head: bool
    display_name: str
    is_invented: bool
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def create_posts_and_tenures(*, by: Viewer, holders: Sequence[NewHolder]) -> list[Tenure]:
    """Enter many holders at once, in the order given. Raises Refused when two would hold one post at the same time."""
    _require_rearranging(by, [row.organisation for row in holders])
    wanted = {(row.organisation.pk, row.title): row.is_head for row in holders}
    known = _posts_of(wanted)
    Post.objects.bulk_create(
        Post(organisation_id=place, title=title, is_head=is_head)
        for (place, title), is_head in wanted.items()
        if (place, title) not in known
    )
    known = _posts_of(wanted)
    people = Person.objects.bulk_create(
        Person(display_name=row.display_name, is_invented=row.is_invented) for row in holders
    )
    tenures = [
        Tenure(post=known[row.organisation.pk, row.title], person=who, valid_from=row.valid_from, valid_to=row.valid_to)
        for row, who in zip(holders, people, strict=True)
    ]
    made = _insert(tenures)
    if made:
        record("tenures.registered", by=by, subject=made[0], count=len(made))
    return made


@transaction.atomic
def appoint(*, by: Viewer, post: Post, person: Person, valid_from: date) -> Tenure:
    """Put a person into a post. Raises Refused, naming the present holder, while somebody else holds it."""
    _require_rearranging(by, [post.organisation])
    made = _insert([Tenure(post=post, person=person, valid_from=valid_from)])[0]
    record("tenure.begun", by=by, subject=made, post=post.title, person=person.pk, valid_from=valid_from)
    return made


@transaction.atomic
def end_tenure(tenure: Tenure, *, by: Viewer, valid_to: date) -> Tenure:
    """The holder leaves the post; `valid_to` is the last day in it."""
    tenure = Tenure.objects.select_for_update(of=("self",)).select_related("post__organisation").get(pk=tenure.pk)
    _require_rearranging(by, [tenure.post.organisation])
    if valid_to < tenure.valid_from:
        raise Refused([Fault("valid_to", _("Ngày thôi giữ chức vụ không thể trước ngày nhận. Đề nghị kiểm tra lại."))])
    tenure.valid_to = valid_to
    tenure.save(update_fields=["valid_to"])
    record("tenure.ended", by=by, subject=tenure, valid_to=valid_to)
    return tenure


def _require_rearranging(by: Viewer, places: Sequence[Organisation]) -> None:
    require(
        access.can_rearrange(by, [row.path for row in places], from_the_centre=steers_from_the_centre(by)),
        _("Chỉ cơ quan thường trực chỉ đạo được ghi chức vụ và người giữ chức vụ trong phạm vi của mình."),
    )


def _posts_of(wanted: dict[tuple[int, str], bool]) -> dict[tuple[int, str], Post]:
    rows = Post.objects.filter(organisation_id__in={place for place, _title in wanted})
    return {(row.organisation_id, row.title): row for row in rows}


def _insert(tenures: Sequence[Tenure]) -> list[Tenure]:
    try:
        with transaction.atomic():
            return Tenure.objects.bulk_create(tenures)
    except IntegrityError as error:
        raise Refused([Fault("person", _sentence(tenures))]) from error


def _sentence(tenures: Sequence[Tenure]) -> str:
    """Names who holds a post at the time asked for; failing that, two of the newcomers meet in one post."""
    names: dict[int, str] = {}
    for asked in tenures:
        held = Tenure.objects.filter(post=asked.post).exclude(valid_to__lt=asked.valid_from)
        if asked.valid_to:
            held = held.exclude(valid_from__gt=asked.valid_to)
        names |= {row.person_id: row.person.display_name for row in held.select_related("person")}
    if not names:
        return _("Hai người được ghi vào cùng một chức vụ trong cùng thời gian. Đề nghị kiểm tra lại ngày.")
    return _("Chức vụ này đang có người giữ: %(names)s. Đề nghị ghi ngày thôi giữ chức vụ trước.") % {
        "names": ", ".join(names.values())
    }
