"""Who acts at the command line of the machine, where nobody is signed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """A person by the name that was given; no account stands behind it."""

    name: str

    @property
    def account_id(self) -> None:
        return None

    @property
    def label(self) -> str:
        return self.name.strip()
