"""A programme as a workbook: written out with its identities hidden, read back, and compared with what stands."""
