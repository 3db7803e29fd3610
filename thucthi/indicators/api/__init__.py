"""What machines call: send values, read back what stands, look at a run. Described at openapi.json."""

from thucthi.indicators.api.operations import api

__all__ = ["api"]
