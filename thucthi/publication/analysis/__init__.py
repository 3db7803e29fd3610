"""What anyone can work out from the Parquet of a published issue: the same expressions for several engines (ADR 0041).

Knows no database, no settings, no framework; reads files and writes files.
"""
