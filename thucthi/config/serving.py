"""The web server: `python -m thucthi.config.serving --host 127.0.0.1 --port 8000 --processes 1`.

The application is read once, before the processes part: what it consists of (some 100 MB) they then share, and each
has only its own requests beside it. Nothing is connected or started before that (docs/adr/0048).
"""

import gc

import click
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from thucthi.config import wsgi

# Two per core of a small machine: one waits for PostgreSQL while the other renders.
THREADS = 4
# Whoever sends his head by drops is sent away; a proxy in front does the same for bodies (docs/operations.md).
MILLISECONDS_FOR_THE_HEAD = 10_000
SECONDS_TO_END = 2


def read_everything() -> None:
    """Every page's code, which otherwise each process would read for itself at its first request."""
    get_resolver().reverse_dict  # noqa: B018 - asked for what it reads on the way
    # What is left now never goes away: no process copies its pages only to look for garbage in them.
    gc.collect()
    gc.freeze()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=1, show_default=True, help="Each draws pages on one core.")
def main(host: str, port: int, processes: int) -> None:
    server = Granian(
        f"{wsgi.__name__}:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        http1_settings=HTTP1Settings(header_read_timeout=MILLISECONDS_FOR_THE_HEAD),
        workers_kill_timeout=SECONDS_TO_END,
    )
    server.on_startup(read_everything)
    server.serve()


if __name__ == "__main__":
    main()
