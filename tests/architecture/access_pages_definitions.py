"""Things behind the addresses of definitions: an indicator, and targets of a public and of an internal document."""

from decimal import Decimal
from typing import Any

from thucthi.directory.access import SYSTEM
from thucthi.documents.models import Document
from thucthi.indicators.actions.definitions import NewIndicator, define_indicators
from thucthi.indicators.actions.sheets import NewDimension, set_dimensions
from thucthi.indicators.actions.targets import NewTarget, set_targets


def pages_of_definitions(public: Document, internal: Document) -> dict[str, dict[str, Any]]:
    """Addresses of sheets, targets and comparisons with what fills them."""
    indicator = define_indicators(by=SYSTEM, specs=[NewIndicator("mau", "Chỉ tiêu mẫu", "rise", unit="%")])[0]
    halves = NewDimension("nua", "Nửa", {"mot": ("Một", "One"), "hai": ("Hai", "Two")})
    set_dimensions(indicator, by=SYSTEM, dimensions=[halves])
    specs = [
        NewTarget(code, indicator, document, ">=", "2030", low=Decimal(50), year=2030)
        for code, document in {"muc": public, "muc-noi-bo": internal}.items()
    ]
    set_targets(by=SYSTEM, specs=specs)
    pages: dict[str, dict[str, Any]] = {
        f"indicators:{name}": {} for name in ("definitions", "define", "documents", "drift")
    }
    of_the_sheet = ("sheet", "revise", "versions", "rules", "dimensions")
    pages |= {f"indicators:{name}": {"code": "mau"} for name in of_the_sheet}
    pages["indicators:drop_dimension"] = {"code": "mau", "dimension": "nua"}
    for state, code, document in (("public", "muc", public), ("internal", "muc-noi-bo", internal)):
        pages |= {f"indicators:{name}#{state}": {"code": code} for name in ("target", "change_target", "cascade")}
        of_the_document = ("targets", "add_target", "core_indicators")
        pages |= {f"indicators:{name}#{state}": {"slug": document.slug} for name in of_the_document}
    return pages
