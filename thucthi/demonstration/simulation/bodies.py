"""Organisations through time, the people in them, and their accounts. A few ten thousand rows, sent by COPY."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.loading_people import PASSWORD
from thucthi.demonstration.simulation.plan import Bodies, Country
from thucthi.directory.calculations import searchable
from thucthi.kernel.vietnamese_text import sort_key

MARK = "mô phỏng"
Row = Sequence[object]
# (login, name, role) of those who work for the whole country; their office is the government.
CENTRAL = (
    ("mp-thuong-truc", "Thường trực", "steering_office"),
    ("mp-kiem-chung", "Kiểm chứng", "verifier"),
    ("mp-cong-bo-1", "Công bố 1", "publisher"),
    ("mp-cong-bo-2", "Công bố 2", "publisher"),
    ("mp-kiem-toan", "Kiểm toán", "auditor"),
    ("mp-tai-khoan", "Quản trị tài khoản", "account_admin"),
)
_NAMES = {
    "government": "Chính phủ",
    "provincial_peoples_committee": "Ủy ban nhân dân tỉnh",
    "ministry": "Bộ",
    "commune": "Ủy ban nhân dân xã",
    "department": "Phòng",
}


@dataclass(frozen=True)
class Body:
    """`parent` as of the last day; `founded_under` before the merger, where that was another."""

    pk: int
    parent: int | None
    kind: str
    level: str
    path: tuple[int, ...]
    ended_on: date | None = None
    founded_under: int | None = None

    @property
    def name(self) -> str:
        return f"{_NAMES[self.kind]} {MARK} {self.pk}"

    @property
    def code(self) -> str:
        return f"mp-dv-{self.pk}"


def bodies_of(country: Country) -> list[Body]:
    """All of them, parents before children."""
    shape, found = country.bodies, dict[int, Body]()
    last = country.merged_on - timedelta(days=1)
    for pk in range(1, shape.total + 1):
        founded_under = shape.parent_of(pk)
        parent = _heir(shape, founded_under) or founded_under
        kind = _kind_of(shape, pk)
        above = found[parent] if parent else None
        level = above.level if kind == "department" and above else _LEVELS.get(kind, "central")
        found[pk] = Body(
            pk=pk,
            parent=parent,
            kind=kind,
            level=level,
            path=(*(above.path if above else ()), pk),
            ended_on=last if _heir(shape, pk) else None,
            founded_under=founded_under if founded_under != parent else None,
        )
    return list(found.values())


_LEVELS = {"provincial_peoples_committee": "province", "commune": "commune"}


def _kind_of(shape: Bodies, pk: int) -> str:
    if pk == 1:
        return "government"
    if pk < shape.first_ministry:
        return "provincial_peoples_committee"
    if pk < shape.first_commune:
        return "ministry"
    return "commune" if pk < shape.first_department else "department"


def _heir(shape: Bodies, pk: int | None) -> int | None:
    """The commune that took over this one, if it is a commune that ended."""
    if pk is None or not shape.first_commune <= pk < shape.first_department:
        return None
    place = shape.heir_of(pk - shape.first_commune)
    return None if place is None else shape.first_commune + place


def write_bodies(cursor: CursorWrapper, country: Country, bodies: Sequence[Body]) -> None:
    names = "official_name, short_name"
    columns = (
        f"id, parent_id, kind, code, tree, level, {names}, aliases, unit_code, path, valid_to, search_text, sort_key"
    )
    _copy(cursor, "directory_organisation", columns, map(_organisation, bodies))
    name = "organisation_id, official_name, short_name, valid_to"
    _copy(cursor, "directory_organisationname", name, ((b.pk, b.name, b.name, b.ended_on) for b in bodies))
    placement = "organisation_id, parent_id, valid_from, valid_to"
    _copy(cursor, "directory_placement", placement, _placements(bodies, country.merged_on))
    merged = [body for body in bodies if body.ended_on]
    event = "id, code, kind, effective_on, legal_basis, note, recorded_at"
    _copy(cursor, "directory_organisationevent", event, (_event(n, country.merged_on) for n, _ in enumerate(merged, 1)))
    heirs = ((n, body.pk, body.pk + country.bodies.provinces) for n, body in enumerate(merged, 1))
    _copy(cursor, "directory_succession", "event_id, predecessor_id, successor_id", heirs)


def _organisation(body: Body) -> Row:
    search = searchable(body.code, body.name, body.name)
    where = (body.pk, body.parent, body.kind, body.code, "state", body.level)
    return (*where, body.name, body.name, [], "", list(body.path), body.ended_on, search, sort_key(body.name))


def _placements(bodies: Iterable[Body], merged_on: date) -> Iterator[Row]:
    for body in bodies:
        if body.founded_under is None:
            yield body.pk, body.parent, None, body.ended_on
        else:
            yield body.pk, body.founded_under, None, merged_on - timedelta(days=1)
            yield body.pk, body.parent, merged_on, None


def _event(number: int, on: date) -> Row:
    return number, f"mp-sx-{number}", "merge", on, f"Nghị quyết sắp xếp số {number} ({MARK})", "", on


def write_people(cursor: CursorWrapper, country: Country, bodies: Sequence[Body]) -> None:
    """In each body a head (who also accepts and edits) and a reporter; ids: the reporter's is the body's own."""
    total = country.sizes.organisations
    known = make_password(PASSWORD, salt=f"mophong{country.sizes.seed}")
    # Everybody can be signed in by force; the printed word opens only the accounts a newcomer tries first.
    shown = {body.pk for body in (bodies[0], bodies[1], bodies[country.bodies.first_commune - 1])}
    reporters = [(b.pk, f"Người báo cáo {MARK} {b.pk}", f"mp-bc-{b.pk}", b.pk in shown) for b in bodies]
    heads = [(total + b.pk, f"Người đứng đầu {MARK} {b.pk}", f"mp-dd-{b.pk}", b.pk in shown) for b in bodies]
    central = [(2 * total + n, f"{name} ({MARK})", login, True) for n, (login, name, _) in enumerate(CENTRAL, 1)]
    people = [*reporters, *heads, *central]
    _copy(cursor, "directory_person", "id, display_name, is_invented", ((pk, name, True) for pk, name, *_ in people))
    names = "username, first_name, last_name, email"
    account = f"id, person_id, password, is_superuser, {names}, is_staff, is_active, date_joined"
    said = ("", "", "", False, True, country.issued_on)
    rows = ((pk, pk, known if open_ else "!", False, login, *said) for pk, _, login, open_ in people)
    _copy(cursor, "directory_account", account, rows)
    post = "id, organisation_id, title, is_head"
    _copy(cursor, "directory_post", post, ((b.pk, b.pk, "Người đứng đầu", True) for b in bodies))
    tenure = "post_id, person_id, valid_from, valid_to"
    _copy(cursor, "directory_tenure", tenure, ((b.pk, total + b.pk, _BEGINNING, b.ended_on) for b in bodies))
    membership = "account_id, organisation_id, role, valid_from"
    _copy(cursor, "directory_membership", membership, _memberships(total))


_BEGINNING = date(2021, 7, 1)
_OF_HEADS = ("head", "approver", "programme_editor")


def _memberships(total: int) -> Iterator[Row]:
    for pk in range(1, total + 1):
        yield pk, pk, "reporter", _BEGINNING
        yield from ((total + pk, pk, role, _BEGINNING) for role in _OF_HEADS)
    yield from ((2 * total + n, 1, role, _BEGINNING) for n, (_, _, role) in enumerate(CENTRAL, 1))


def _copy(cursor: CursorWrapper, table: str, columns: str, rows: Iterable[Row]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
