"""What may stand in the way of starting, told in both languages with the thing to do."""

from thucthi.kernel.errors import ThucThiError


class Trouble(ThucThiError):
    """A start that cannot go on; both sentences say what to do about it."""

    def __init__(self, vietnamese: str, english: str) -> None:
        self.vietnamese = vietnamese
        self.english = english
        super().__init__(f"{vietnamese}\n{english}")


class AlreadyRunning(Trouble):
    """Another process of this project holds what we were about to take."""
