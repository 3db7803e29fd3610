"""Reads the text of metrics as Prometheus does, without a line of the product."""

import re

SAMPLE = re.compile(r"([a-z_]+)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-z_]+)="([^"\\\n]*)"')


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by name and labels. Raises ValueError for a line that is neither a comment nor a sample."""
    found: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for line in text.splitlines():
        if line.startswith(("# HELP ", "# TYPE ")):
            continue
        match = SAMPLE.fullmatch(line)
        if not match:
            raise ValueError(line)
        key = (match[1], tuple(LABEL.findall(match[2] or "")))
        if key in found:
            raise ValueError(f"twice: {line}")
        found[key] = float(match[3])
    return found


def kinds(text: str) -> dict[str, str]:
    """Name and type of each metric, as declared."""
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, flags=re.M))


def names(text: str) -> set[str]:
    """Every name that a query may use: those of histograms with their three endings."""
    endings = ("_bucket", "_sum", "_count")
    return {
        name + ending for name, kind in kinds(text).items() for ending in (endings if kind == "histogram" else ("",))
    }
