"""One more commune in the small state, without a past."""

from datetime import date

from thucthi.directory.models import Level, Organisation


def commune_under(parent: Organisation, code: str, name: str) -> Organisation:
    made = Organisation.objects.create(
        code=code,
        tree=parent.tree,
        level=Level.COMMUNE,
        kind="commune",
        official_name=name,
        short_name=name,
        parent=parent,
        valid_from=date(2025, 7, 1),
        search_text=code,
        sort_key=code,
    )
    made.path = [*parent.path, made.pk]
    made.save(update_fields=["path"])
    return made
