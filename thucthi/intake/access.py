"""Who takes documents in and decides on drafts, who reads them. Pure rules on a few facts."""

from collections.abc import Sequence

from thucthi.directory.access import Viewer, may_work
from thucthi.directory.models import Role
from thucthi.programmes.access import can_draft_for, can_see_papers_of


def may_read_drafts(viewer: Viewer) -> bool:
    """The door of the pages that show what was read: anyone with a working role."""
    return may_work(viewer)


def may_take_in(viewer: Viewer) -> bool:
    """The door of the pages that take a document in or decide on a draft: whoever drafts programmes."""
    return viewer.has_role(Role.PROGRAMME_EDITOR)


def can_take_in(viewer: Viewer, owner_id: int) -> bool:
    """Send documents and decide on drafts: who drafts the programme, the editors of exactly its organisation."""
    return can_draft_for(viewer, owner_id)


def can_see_sources(viewer: Viewer, owner_path: Sequence[int]) -> bool:
    """Working papers, also after the programme was issued: the organisation's own people and auditors above."""
    return can_see_papers_of(viewer, owner_path)
