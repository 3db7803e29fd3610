"""Who carries the work, by the seven classes of actors a resolution names (D46)."""

from dataclasses import dataclass

from thucthi.publication.shapes.counts import TallyData


@dataclass(frozen=True)
class ActorClassData:
    """`tally` counts the public tasks whose lead is of this class: each task in one class, the classes sum to all.

    `organisations` are the bodies named as lead, in Vietnamese order. The People ("people") lead no task.
    """

    code: str
    tally: TallyData
    organisations: tuple[str, ...]
