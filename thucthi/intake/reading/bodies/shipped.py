"""The bodies that the product knows without a directory."""

from datetime import timedelta
from functools import cache
from typing import Any

from thucthi.intake.reading.bodies.known import KnownBody, KnownSuccession
from thucthi.intake.reading.bodies.wording import key
from thucthi.intake.reading.rules import rules


def shipped_bodies() -> tuple[KnownBody, ...]:
    said = rules("bodies")
    standing = [KnownBody(names[0], tuple(names[1:])) for names in (*said["standing"], *said["local"])]
    by_name = {body.name: body for body in standing}
    posts = [KnownBody(by_name[of].name, (post,)) for post, of in said["posts_as_bodies"]]
    return (*standing, *_former(), *_provinces(), *posts)


@cache
def former_places() -> dict[str, KnownSuccession]:
    """What became of provinces, by the words of their names."""
    said = rules("successions")
    joined, hue = said["provinces_2025"], said["city_of_hue"]
    found = {
        " ".join(key(old)): KnownSuccession("merge", joined["on"], (_with_level(new),), joined["source"])
        for new, olds in joined["into"].items()
        for old in olds
    }
    renamed = KnownSuccession("rename", hue["on"], (_with_level(hue["into"]),), hue["source"])
    return found | {" ".join(key(old)): renamed for old in hue["from"]}


def _former() -> list[KnownBody]:
    return [body for change in rules("successions")["changes"] for body in _bodies_of(change)]


def _bodies_of(change: dict[str, Any]) -> list[KnownBody]:
    until = change["on"] - timedelta(days=1)
    succession = KnownSuccession(
        change["kind"], change["on"], tuple(change["to"]), change["source"], change.get("note", "")
    )
    name, *aliases = change["body"]
    return [KnownBody(name, tuple(aliases), None, until, succession)]


def _provinces() -> list[KnownBody]:
    said = rules("bodies")
    today = [KnownBody(name, _called(name)) for name in said["provinces"]]
    places = former_places()
    former = [KnownBody(name, _called(name), None, None, places[" ".join(key(name))]) for name in _former_names()]
    return [*today, *former]


def _former_names() -> list[str]:
    said = rules("successions")
    return [*(old for olds in said["provinces_2025"]["into"].values() for old in olds), *said["city_of_hue"]["from"]]


def _called(name: str) -> tuple[str, ...]:
    aliases = rules("bodies")["province_aliases"].get(name, [])
    levels = ("tỉnh", "thành phố", "TP", "TP.")
    return (*(f"{level} {each}" for each in (name, *aliases) for level in levels), *aliases)


def _with_level(name: str) -> str:
    if name == "Hồ Chí Minh":
        return "Thành phố Hồ Chí Minh"
    return f"{'thành phố' if name in rules('bodies')['centrally_run_cities'] else 'tỉnh'} {name}"
