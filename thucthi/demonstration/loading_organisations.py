"""The directory of the demonstration: real bodies, real units, real mergers."""

from datetime import date

from thucthi.demonstration.reading import Row, day, parts, rows
from thucthi.directory.access import SYSTEM
from thucthi.directory.actions import (
    NewEvent,
    NewOrganisation,
    record_event,
    register_leaderships,
    register_organisations,
)
from thucthi.directory.models import EventKind, Organisation

TWO_TIERS_SINCE = date(2025, 7, 1)
REGISTERED_ON = date(2025, 1, 1)
ENDING = {EventKind.MERGE, EventKind.SPLIT, EventKind.DISSOLVE}


def load_organisations() -> dict[str, Organisation]:
    """All bodies by code in lower case, as they stood before the recorded events."""
    listed = rows("organisations.csv")
    old_names = {row["predecessor_codes"]: row["old_name"] for row in _events() if row["kind"] == EventKind.RENAME}
    ended = {code for event in _events() if event["kind"] in ENDING for code in parts(event["predecessor_codes"])}
    specs = [_body(row, old_names.get(row["code"], row["official_name"]), ended) for row in listed]
    specs += [_commune(row) for row in rows("units.csv") if row["level"] == "commune"]
    made = {row.code: row for row in register_organisations(by=SYSTEM, specs=specs, on=REGISTERED_ON)}
    led = [(made[row["led_by_code"].lower()], made[row["code"].lower()]) for row in listed if row["led_by_code"]]
    register_leaderships(by=SYSTEM, pairs=led)
    return made


def load_events(organisations: dict[str, Organisation]) -> dict[str, Organisation]:
    """Mergers, splits, renames and the end of the districts, in the order of their days; gives all bodies anew."""
    names = {row["code"]: row for row in rows("organisations.csv")}
    for row in sorted(_events(), key=lambda event: (event["effective_on"], event["event_code"])):
        renamed = names.get(row["predecessor_codes"], {})
        record_event(
            by=SYSTEM,
            event=NewEvent(
                code=row["event_code"],
                kind=row["kind"],
                effective_on=date.fromisoformat(row["effective_on"]),
                legal_basis=row["legal_basis"],
                predecessors=_found(row["predecessor_codes"], organisations),
                successors=_found(row["successor_codes"], organisations),
                note=row["note"],
                new_name=row["new_name"],
                new_short_name=renamed.get("short_name", ""),
            ),
        )
    return {row.code: row for row in Organisation.objects.all()}


def _events() -> list[Row]:
    return rows("organisation_events.csv")


def _found(codes: str, organisations: dict[str, Organisation]) -> tuple[Organisation, ...]:
    return tuple(organisations[code.lower()] for code in parts(codes))


def _body(row: Row, name: str, ended_by_events: set[str]) -> NewOrganisation:
    """Bodies that end by an event are entered as living; the event ends them."""
    return NewOrganisation(
        code=row["code"],
        tree=row["tree"],
        level=row["level"],
        kind=row["kind"],
        official_name=name,
        short_name=row["short_name"],
        aliases=parts(row["aliases"]),
        unit_code=row["unit_code"],
        parent_code=row["parent_code"],
        valid_from=day(row["valid_from"]),
        valid_to=None if row["code"] in ended_by_events else day(row["valid_to"]),
    )


def _commune(row: Row) -> NewOrganisation:
    return NewOrganisation(
        code=f"UBND-{row['code']}",
        tree="state",
        level="commune",
        kind="commune",
        official_name=f"Ủy ban nhân dân {row['full_name'][0].lower()}{row['full_name'][1:]}",
        short_name=f"UBND {row['full_name'][0].lower()}{row['full_name'][1:]}",
        unit_code=row["code"],
        parent_code=f"UBND-{row['parent_code']}",
        valid_from=TWO_TIERS_SINCE,
    )
