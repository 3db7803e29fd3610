"""Who acts and what is acted on where only the ledger matters."""

from dataclasses import dataclass

from thucthi.ledger.models import SigningKey


@dataclass(frozen=True)
class Somebody:
    account_id: int | None = 7
    label: str = "Người mẫu"


SOMEBODY = Somebody()


def thing(pk: int = 1) -> SigningKey:
    """Any model serves as a subject; nothing is kept of this one."""
    return SigningKey(pk=pk, name="mẫu", verifier_key=f"vật mẫu {pk}", since_size=0)
