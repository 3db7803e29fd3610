"""A dossier of facts at four levels for competent bodies: committee, Party organisation, agency, person (D33, D61)."""

from datetime import date

from thucthi.directory.access import Viewer
from thucthi.directory.models import Leadership, Organisation, Tree
from thucthi.monitoring import access
from thucthi.monitoring.calculations.dossier_file import COLUMNS, Dossier, DossierFact, DossierLevel, DossierLine
from thucthi.monitoring.calculations.heads import FactKind, FactRow, count_of, days_of
from thucthi.monitoring.calculations.intervals import Interval
from thucthi.monitoring.selectors.heads import HeadFacts, HeadsPage, heads_page

COMMITTEES = frozenset({"party_committee", "provincial_committee", "commune_committee"})


def dossier_of(viewer: Viewer, organisation: Organisation, whole: Interval, as_of: date) -> Dossier:
    """The body, the Party bodies that lead it as far as the viewer may see facts about them, and who headed each."""
    leading = Leadership.objects.filter(led=organisation).select_related("leader").order_by("leader__sort_key")
    above = [row.leader for row in leading if access.can_see_dossier_of(viewer, row.leader.path)]
    pages = [heads_page(viewer, body, whole, as_of) for body in (*above, organisation)]
    return Dossier(
        lines=tuple(line for page in pages for line in _lines(page)),
        facts=tuple(fact for page in pages for share in page.shares for fact in _facts(page, share)),
        first=whole.first,
        last=whole.last,
        as_of=as_of,
    )


def level_of(organisation: Organisation) -> DossierLevel:
    if organisation.tree != Tree.PARTY:
        return DossierLevel.AGENCY
    return DossierLevel.COMMITTEE if organisation.kind in COMMITTEES else DossierLevel.PARTY_BODY


def _lines(page: HeadsPage) -> list[DossierLine]:
    rows = [row for share in page.shares for row in share.rows]
    body = page.organisation.official_name
    whole = DossierLine(level_of(page.organisation), body, "", page.whole.first, page.whole.last, _figures(rows))
    return [whole, *(_person(body, share) for share in page.shares)]


def _person(body: str, share: HeadFacts) -> DossierLine:
    name = share.tenure.person.display_name if share.tenure else ""
    days = share.share.days
    return DossierLine(DossierLevel.PERSON, body, name, days.first, days.last, _figures(share.rows))


def _figures(rows: "list[FactRow] | tuple[FactRow, ...]") -> tuple[int, ...]:
    return tuple(
        (days_of if column.counts_days else count_of)(rows, *map(FactKind, column.kinds)) for column in COLUMNS
    )


def _facts(page: HeadsPage, share: HeadFacts) -> list[DossierFact]:
    name = share.tenure.person.display_name if share.tenure else ""
    body = page.organisation.official_name
    return [DossierFact(body, name, row.kind.value, row.code, row.text, row.on, row.days) for row in share.rows]
