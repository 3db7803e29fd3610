"""The ladder over 100,000 open obstacles: `python -m benchmarks.ladder_at_scale [--obstacles 100000]`.

Starts its own database with 20,000 organisations, 1,000 tasks and obstacles that nobody answers, asked of departments
(so that each has three bodies above it), and times four nights as the application role, each the whole job: the night
after they were raised, the night all their clocks run out, the same night again, a night after half a year's stop.
"""

import os
import platform
import time
from datetime import UTC, date, datetime

import click

from benchmarks.measure import migrated_database
from benchmarks.values_at_scale import BODIES, COMMUNES, Filler

RAISED_ON = date(2026, 11, 2)
ASKED = 30.0
NIGHTS = (
    ("the night after they were raised", date(2026, 11, 3)),
    ("the night every clock has run out", date(2026, 11, 10)),
    ("the same night again", date(2026, 11, 10)),
    ("after half a year without a night", date(2027, 5, 3)),
    ("that night again", date(2027, 5, 3)),
)


def fill(filler: Filler, obstacles: int) -> None:
    """One resolution with its frame and a programme of 1,000 tasks; obstacles about them, all open."""
    from thucthi.directory.models import Organisation, Post
    from thucthi.documents.models import Document, DocumentType
    from thucthi.programmes.models import ControlFrame, FrameResponsibility, Programme, ProgrammeBasis, Task

    filler.directory()
    # Four parents that the invented tree names but does not hold; a desk must be able to refer to them.
    filler.server.execute(
        "INSERT INTO directory_organisation (id, parent_id, kind, code, tree, level, official_name, short_name,"
        " aliases, unit_code, path, search_text, sort_key)"
        " SELECT n, 1, 'ministry', 'dv-' || n, 'state', 'central', 'Đơn vị mẫu ' || n, 'Đơn vị mẫu ' || n,"
        "        '{}', '', '{}', '', '' FROM generate_series(36, 39) n"
    )
    filler.server.execute("SELECT setval(pg_get_serial_sequence('directory_organisation', 'id'), 100000)")
    filler.server.commit()
    committee = Organisation.objects.create(
        code="ban-chi-dao", tree="party", level="central", kind="party_committee", official_name="Ban mẫu",
        short_name="Ban mẫu", search_text="", sort_key="",
    )  # fmt: skip
    document = Document.objects.create(
        slug="nq-mau", number="1", symbol="-NQ/TW", year=2026, issuer=committee, type=DocumentType.RESOLUTION,
        issued_on=date(2026, 1, 1), title="Nghị quyết mẫu", register=committee, search_text="",
    )  # fmt: skip
    frame = ControlFrame.objects.create(document=document, benefit_country="a", benefit_people="b", benefit_future="c")
    head = Post.objects.create(organisation=committee, title="Trưởng ban", is_head=True)
    FrameResponsibility.objects.create(frame=frame, node="Toàn bộ", committee=committee, head=head)
    programme = Programme.objects.create(code="ct-mau", organisation_id=1, title="Chương trình mẫu")
    ProgrammeBasis.objects.create(programme=programme, document=document)
    Task.objects.bulk_create(
        Task(programme=programme, code=f"nv-{n}", text="Việc mẫu", lead_id=100 + n, search_text="")
        for n in range(1_000)
    )
    filler.server.execute(
        "INSERT INTO obstacles_obstacle (code, task_id, raised_by_organisation_id, raised_on, cause, condition,"
        " asked_of_id, asked_what, due_on, information, field, proposed_solution, authority, is_simulated)"
        " SELECT 'dn-' || n, t.id, 100 + n %% 1000, %s, 'money', 'Vướng mẫu', %s + n %% %s, 'Gỡ', %s, '', '', '', '',"
        "        true"
        "   FROM generate_series(1, %s) n JOIN programmes_task t ON t.code = 'nv-' || (n %% 1000)",
        [RAISED_ON, 100 + COMMUNES, BODIES - 100 - COMMUNES, date(2027, 12, 31), obstacles],
    )
    filler.server.commit()
    filler.server.autocommit = True
    filler.server.execute("VACUUM ANALYZE")


def night(on: date) -> tuple[int, int, float]:
    """(desks added, slices, seconds) of the whole job."""
    from thucthi.directory.access import SYSTEM
    from thucthi.obstacles.actions import climb_ladders

    begun = time.perf_counter()
    climbed = climb_ladders(by=SYSTEM, on=on)
    added, slices = climbed.added, 1
    while climbed.following is not None:
        climbed = climb_ladders(by=SYSTEM, on=on, after=climbed.following)
        added, slices = added + climbed.added, slices + 1
    return added, slices, time.perf_counter() - begun


@click.command(help=__doc__)
@click.option("--obstacles", default=100_000)
@click.option("--directory", default=None, help="Where the database is made; a temporary place otherwise.")
def main(obstacles: int, directory: str | None) -> None:
    click.echo(
        f"`python -m benchmarks.ladder_at_scale --obstacles {obstacles}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC,"
    )
    click.echo(f"{platform.machine()}, {os.cpu_count()} shared cores, Python {platform.python_version()},")
    click.echo(f"load average {os.getloadavg()[0]:.1f} at the start; {BODIES:,} organisations.\n")
    with migrated_database(directory) as postgres:
        fill(Filler(postgres.url("superuser")), obstacles)
        click.echo(
            f"| {obstacles:,} open obstacles | desks added | slices | seconds | asked: ≤ s |\n|---|---|---|---|---|"
        )
        for name, on in NIGHTS:
            added, slices, seconds = night(on)
            click.echo(f"| {name} | {added:,} | {slices} | {seconds:.1f} | {ASKED:.0f} |")
        click.echo(f"\nload average {os.getloadavg()[0]:.1f} at the end.")


if __name__ == "__main__":
    main()
