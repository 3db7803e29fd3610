"""A small state for tests, and the people in it.

Chính phủ (government) ─ Bộ Khoa học (science), Bộ Tài chính (finance), tỉnh An Bình (province) ─ UBND xã Hòa (commune)
Đảng ủy Chính phủ (committee) leads the government. All names are invented.

`make_state()` returns a `State`; `state.person(role, organisation)` gives an account with that role there;
`state.viewer(role, organisation)` its Viewer. `stranger` belongs to an unrelated province.
"""

from dataclasses import dataclass, field
from datetime import date

from thucthi.directory.access import Viewer
from thucthi.directory.models import Account, Level, Membership, Organisation, Person, Post, Role, Tenure, Tree
from thucthi.directory.selectors import viewer_of
from thucthi.kernel.vietnamese_text import fold

SINCE = date(2025, 1, 1)


def _organisation(
    code: str, name: str, parent: Organisation | None, *, level: Level, kind: str, tree: Tree = Tree.STATE
) -> Organisation:
    made = Organisation.objects.create(
        code=code,
        tree=tree,
        level=level,
        kind=kind,
        official_name=name,
        short_name=name,
        parent=parent,
        valid_from=SINCE,
        search_text=fold(name),
        sort_key=name.lower(),
    )
    made.path = [*(parent.path if parent else []), made.pk]
    made.save(update_fields=["path"])
    return made


@dataclass
class State:
    government: Organisation
    committee: Organisation
    science: Organisation
    finance: Organisation
    province: Organisation
    commune: Organisation
    elsewhere: Organisation
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)

    def person(self, role: Role, organisation: Organisation) -> Account:
        key = (role.value, organisation.code)
        if key not in self.accounts:
            name = f"{role.value}-{organisation.code}"
            person = Person.objects.create(display_name=f"Người mẫu {name}", is_invented=True)
            account = Account.objects.create(username=name, person=person)
            Membership.objects.create(account=account, organisation=organisation, role=role, valid_from=SINCE)
            self.accounts[key] = account
        return self.accounts[key]

    def viewer(self, role: Role, organisation: Organisation) -> Viewer:
        return viewer_of(self.person(role, organisation))

    def head_post(self, organisation: Organisation) -> Post:
        post, made = Post.objects.get_or_create(organisation=organisation, title="Người đứng đầu", is_head=True)
        if made:
            person = Person.objects.create(display_name=f"Người đứng đầu mẫu {organisation.code}", is_invented=True)
            Tenure.objects.create(post=post, person=person, valid_from=SINCE)
        return post


def make_state() -> State:
    government = _organisation("chinh-phu", "Chính phủ", None, level=Level.CENTRAL, kind="government")
    committee = _organisation(
        "dang-uy-chinh-phu", "Đảng ủy Chính phủ", None, level=Level.CENTRAL, kind="party_committee", tree=Tree.PARTY
    )
    science = _organisation("bo-khoa-hoc", "Bộ Khoa học", government, level=Level.CENTRAL, kind="ministry")
    finance = _organisation("bo-tai-chinh", "Bộ Tài chính", government, level=Level.CENTRAL, kind="ministry")
    province = _organisation("ubnd-an-binh", "UBND tỉnh An Bình", government, level=Level.PROVINCE, kind="province")
    commune = _organisation("ubnd-hoa", "UBND xã Hòa", province, level=Level.COMMUNE, kind="commune")
    elsewhere = _organisation("ubnd-an-khe", "UBND tỉnh An Khê", government, level=Level.PROVINCE, kind="province")
    return State(government, committee, science, finance, province, commune, elsewhere)
