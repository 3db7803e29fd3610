"""Owed reports of one unit as a workbook: written out to be filled, and read back."""
