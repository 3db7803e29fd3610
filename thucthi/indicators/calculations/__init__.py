"""Arithmetic of indicators without framework, clock or database."""

from thucthi.indicators.calculations.series import measured_progress, standing_on

__all__ = ["measured_progress", "standing_on"]
