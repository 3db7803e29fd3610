"""Optional suggestions of a language model: off unless an address is given, and never taken for the reader's own."""

from thucthi.intake.assistance.asking import Assistant, NoSuggestions
from thucthi.intake.assistance.grounding import suggested_tasks

__all__ = ["Assistant", "NoSuggestions", "suggested_tasks"]
