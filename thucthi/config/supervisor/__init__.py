"""The local supervisor: finds or starts PostgreSQL, then keeps the web server and the worker running beside it."""

from thucthi.config.supervisor.postgres import LocalPostgres
from thucthi.config.supervisor.trouble import AlreadyRunning, Trouble

__all__ = ["AlreadyRunning", "LocalPostgres", "Trouble"]
