"""Invented people in posts, and the accounts with which a newcomer tries everything."""

from collections.abc import Sequence
from datetime import date

from thucthi.demonstration.reading import Row, day, parts, rows
from thucthi.directory.access import SYSTEM, Viewer
from thucthi.directory.actions import NewHolder, create_account, create_posts_and_tenures, grant_role
from thucthi.directory.models import Account, Membership, Organisation
from thucthi.directory.selectors import viewer_of

PASSWORD = "thuc-thi-trinh-dien"  # noqa: S105 - printed to whoever runs the demonstration; nothing real behind it
NATIONWIDE = {
    "thuong-truc-1",
    "thuong-truc-2",
    "ban-chi-dao",
    "kiem-chung-1",
    "kiem-chung-2",
    "giam-sat-dang",
    "kiem-toan",
}
# Together they play the whole loop. All others have no password: hashing 250 of them takes a minute.
SHOWN = (
    "bao-cao-bkhcn",
    "bao-cao-byt",
    "bao-cao-ubnd-01",
    "dung-dau-bkhcn",
    "nghiem-thu-cp",
    "soan-vptw",
    "dung-dau-vptw",
    "thuong-truc-1",
    "kiem-chung-1",
    "cong-bo-1",
    "cong-bo-2",
    "kiem-toan",
    "tai-khoan",
)


def load_people(organisations: dict[str, Organisation]) -> None:
    people = rows("people.csv")
    tenures = create_posts_and_tenures(by=SYSTEM, holders=[_holder(row, organisations) for row in people])
    for row, tenure in zip(people, tenures, strict=True):
        if row["has_account"] == "1":
            account = create_account(
                by=SYSTEM,
                username=row["username"],
                password=PASSWORD if row["username"] in SHOWN else None,
                display_name=row["full_name_display"],
                is_invented=True,
                person=tenure.person,
            )
            _grant(account, row, _places(row, organisations))


def viewer_named(username: str) -> Viewer:
    return viewer_of(Account.objects.get(username=username))


def shown_accounts() -> list[tuple[str, str, str]]:
    """(username, roles, organisation) of the accounts that together play the whole loop."""
    shown = []
    for username in SHOWN:
        held = Membership.objects.filter(account__username=username).select_related("organisation").order_by("pk")
        if held:
            roles = dict.fromkeys(str(row.get_role_display()) for row in held)
            shown.append((username, ", ".join(roles), held[0].organisation.short_name))
    return shown


def _holder(row: Row, organisations: dict[str, Organisation]) -> NewHolder:
    return NewHolder(
        organisation=organisations[row["organisation_code"].lower()],
        title=row["post_title"],
        is_head=row["is_head"] == "1",
        display_name=row["full_name_display"],
        is_invented=True,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=day(row["valid_to"]),
    )


def _grant(account: Account, row: Row, places: Sequence[Organisation]) -> None:
    for role in parts(row["roles"]):
        for place in places:
            grant_role(
                account, by=SYSTEM, organisation=place, role=role, valid_from=date.fromisoformat(row["valid_from"])
            )


def _places(row: Row, organisations: dict[str, Organisation]) -> list[Organisation]:
    """Own organisation; who steers, verifies or audits the whole country holds the role over each tree too (D59)."""
    own = organisations[row["organisation_code"].lower()]
    if row["username"] not in NATIONWIDE:
        return [own]
    roots = [body for body in organisations.values() if body.parent_id is None and body.valid_to is None]
    return [own, *(root for root in roots if root.pk != own.pk)]
