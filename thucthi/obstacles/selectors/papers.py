"""What stands on the agenda of a committee, in the words of its official paper."""

from thucthi.directory.models import Level, Organisation, Tree
from thucthi.kernel.paper_head import Head
from thucthi.obstacles.calculations.agenda_paper import AgendaPaper, PaperFollowed, PaperItem
from thucthi.obstacles.models import ObstacleStep
from thucthi.obstacles.selectors.meetings import AgendaRow, FollowedDecision, MeetingPage

BLANK = "……"


def paper_of(page: MeetingPage) -> AgendaPaper:
    """Always in Vietnamese: it is an official paper, whatever language the page was read in."""
    meeting, before = page.meeting, page.before
    return AgendaPaper(
        head=_head(page),
        meeting=meeting.title,
        held_on=meeting.held_on,
        place=meeting.place,
        chair=meeting.chair,
        before=f"{before.minutes_number} ngày {before.minutes_on:%d/%m/%Y}" if before else "",
        followed=tuple(_followed(row) for row in page.followed),
        items=tuple(_item(row) for row in page.rows),
        as_of=page.as_of,
        is_simulated=meeting.is_simulated,
    )


def _head(page: MeetingPage) -> Head:
    committee = page.meeting.committee
    is_party = committee.tree == Tree.PARTY
    sign = committee.short_name if " " not in committee.short_name else BLANK
    return Head(
        issuer=committee.official_name,
        superior=committee.parent.official_name if committee.parent else "",
        is_party=is_party,
        number=f"{BLANK}-CTr/{sign}" if is_party else f"{BLANK}/CTr-{sign}",
        place="Hà Nội" if committee.level == Level.CENTRAL else BLANK,
        day=page.as_of,
    )


def _item(row: AgendaRow) -> PaperItem:
    obstacle, decision = row.obstacle, row.decision
    return PaperItem(
        code=obstacle.code,
        stuck=obstacle.condition,
        since=obstacle.raised_on,
        days_open=row.standing.working_days,
        holder=_names(row.holders),
        asked=obstacle.asked_what,
        asked_by=obstacle.due_on,
        held_up=row.held_up,
        answers=tuple(_answer(step) for step in row.around.answers),
        conclusion=decision.text if decision else "",
        responsible=decision.responsible.official_name if decision and decision.responsible else "",
        due_on=decision.due_on if decision else None,
    )


def _followed(row: FollowedDecision) -> PaperFollowed:
    decision = row.decision
    result = f"Đã gỡ ngày {row.done_on:%d/%m/%Y}" if row.done_on else "Chưa gỡ"
    tasks = "".join(
        f"\n{task.code}: hạn {task.resolved_end:%d/%m/%Y}" if task.resolved_end else f"\n{task.code}: không đặt hạn"
        for task in row.tasks
    )
    return PaperFollowed(
        code=decision.obstacle.code,
        conclusion=decision.text,
        responsible=decision.responsible.official_name if decision.responsible else "",
        due_on=row.due_on,
        result=result + tasks,
        progress=row.word,
    )


def _answer(step: ObstacleStep) -> str:
    return f"{step.happened_on:%d/%m/%Y}, {step.organisation.official_name}: {step.text}"


def _names(bodies: tuple[Organisation, ...]) -> str:
    return ", ".join(body.official_name for body in bodies) or "–"
