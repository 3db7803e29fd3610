"""The six clears of a petition: which are said, which are missing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Clear(StrEnum):
    INFORMATION = "information"
    FIELD = "field"
    CONDITION = "condition"
    SOLUTION = "proposed_solution"
    AUTHORITY = "authority"
    TIME = "due_on"


@dataclass(frozen=True)
class Petition:
    """What was said; `asked_of`: the body that can remove it is named."""

    information: str
    field: str
    condition: str
    proposed_solution: str
    authority: str
    asked_of: bool
    due_on: date | None


def clears_of(petition: Petition) -> dict[Clear, bool]:
    """Each of the six, in order, and whether it is said; blanks are nothing said."""
    return {
        Clear.INFORMATION: bool(petition.information.strip()),
        Clear.FIELD: bool(petition.field.strip()),
        Clear.CONDITION: bool(petition.condition.strip()),
        Clear.SOLUTION: bool(petition.proposed_solution.strip()),
        Clear.AUTHORITY: petition.asked_of and bool(petition.authority.strip()),
        Clear.TIME: petition.due_on is not None,
    }
