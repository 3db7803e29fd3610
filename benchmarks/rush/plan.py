"""Who asks for what, and when. Pure; the driver reads it as JSON."""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import cycle

UNITS, HOUR = 3_356, 3_600
PAGES_READ = 5
# So many heads of each kind read; four kinds of very different weight.
READERS = {"government": 1, "provincial_peoples_committee": 10, "ministry": 9, "commune": 20}
READING = ("overview", "my work", "resolution", "organisation", "task")
SIGN_IN = ("sign-in page", "sign-in")
REPORTING = ("my work of a unit", "report form", "report sent", "page after it")
PUBLIC = {"front page": 4, "list": 6, "single page": 6, "page in English": 1, "JSON or CSV twin": 3}


@dataclass(frozen=True)
class Unit:
    """Who reports, and on which duty."""

    login: str
    code: str
    period: str


@dataclass(frozen=True)
class Reader:
    """A head; `paths` as in READING."""

    login: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """`rate` in requests a second for `seconds`; `public` holds (kind, path), asked for by turns."""

    base: str
    password: str
    seconds: float
    rate: float
    think: float
    signed_in: bool
    units: tuple[Unit, ...]
    readers: tuple[Reader, ...]
    public: tuple[tuple[str, str], ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """What a unit asks for, one after the other."""
        return REPORTING if self.signed_in else (*SIGN_IN, *REPORTING)

    @property
    def longest(self) -> float:
        """Seconds for which a unit is at it; two of its pages come by themselves, as answers to what was sent."""
        return self.think * (2 if self.signed_in else 3)

    @property
    def pages_read(self) -> int:
        return len(self.units) * PAGES_READ

    @property
    def requests(self) -> int:
        return len(self.units) * len(self.steps) + self.pages_read + self.visits

    @property
    def visits(self) -> int:
        return max(0, round(self.rate * self.seconds) - self.pages_read - len(self.units) * len(self.steps))


@dataclass(frozen=True)
class Arrival:
    """`at` in seconds from the start; `number` counts those of a sort: a unit, an official's page, a visit."""

    at: float
    sort: str
    number: int


def units_in(seconds: float) -> int:
    """How many of 3,356 an hour report in so many seconds, one at least."""
    return max(1, round(UNITS * seconds / HOUR))


def arrivals(plan: Plan) -> list[Arrival]:
    """Each sort evenly over the time; units begin so early that the last is due to end with it."""
    sorts = (
        ("unit", len(plan.units), plan.seconds - plan.longest),
        ("official", plan.pages_read, plan.seconds),
        ("public", plan.visits, plan.seconds),
    )
    if plan.seconds <= plan.longest:
        raise ValueError(f"a unit takes {plan.longest} s, which is not less than {plan.seconds}")
    found = [Arrival((n + 0.5) * span / count, sort, n) for sort, count, span in sorts for n in range(count)]
    return sorted(found, key=lambda arrival: arrival.at)


def public_requests(paths: Sequence[str], count: int = 2_000) -> tuple[tuple[str, str], ...]:
    """(kind, address) of `count` visits by the shares of PUBLIC, from the files of an issue; the same each time."""
    by_kind: dict[str, list[str]] = {kind: [] for kind in PUBLIC}
    folders = {path.removesuffix("index.html") for path in paths if path.endswith("index.html")}
    for path in sorted(paths):
        kind = _kind_of(path, folders)
        if kind:
            by_kind[kind].append("/" + path.removesuffix("index.html"))
    chance = random.Random(1)  # noqa: S311 - which pages are looked at is no secret
    weights = {kind: share for kind, share in PUBLIC.items() if by_kind[kind]}
    kinds = chance.choices(list(weights), list(weights.values()), k=count) if weights else []
    return tuple((kind, chance.choice(by_kind[kind])) for kind in kinds)


def _kind_of(path: str, folders: set[str]) -> str:
    """ "" for what no visitor opens: a file that lies beside no page, and what only programs ask for."""
    folder, _, name = path.rpartition("/")
    if name == "index.html":
        if path.startswith("en/"):
            return "page in English"
        return ("front page", "list", "single page")[min(2, path.count("/"))]
    is_twin = name.endswith((".json", ".csv")) and name != "oembed.json" and f"{folder}/" in folders
    return "JSON or CSV twin" if is_twin else ""


def written(plan: Plan) -> str:
    return json.dumps(asdict(plan), ensure_ascii=False)


def read(text: str) -> Plan:
    said = json.loads(text)
    units = tuple(Unit(**each) for each in said.pop("units"))
    readers = tuple(Reader(each["login"], tuple(each["paths"])) for each in said.pop("readers"))
    public = tuple((kind, path) for kind, path in said.pop("public"))
    return Plan(**said, units=units, readers=readers, public=public)


def turns(plan: Plan) -> list[tuple[Reader, str, str]]:
    """(reader, kind, path) of each page that officials read: every reader, then every kind, by turns."""
    if not plan.readers:
        return []
    reader, place = cycle(plan.readers), 0
    found = []
    for number in range(plan.pages_read):
        who = next(reader)
        place = (number + number // len(plan.readers)) % len(READING)
        found.append((who, READING[place], who.paths[place]))
    return found
