"""SQLite's log, copied into the database's file beside the work: a commit that does it itself keeps everybody waiting meanwhile.

Measured: of 0.95 s that benchmark takes to read a log of 31,000 submissions anew, 0.2 s.
"""

import contextlib
import sqlite3
import threading
from urllib.parse import quote

SECONDS = 5.0  # after which what was committed is copied; what is changed again and again until then is copied once
MOST_PAGES = 32_768  # of the log, 128 MiB; beyond it, one that was not copied whole, since commits came meanwhile, lets them wait


class Checkpoints:
    """Copies what was committed to a file, some seconds later. In a thread of its own, begun with the first commit."""

    def __init__(self, file: str, name: str, seconds: float = SECONDS) -> None:
        self._address, self._name, self._seconds = f"file:{quote(file)}?mode=rw", f"{name}-checkpoints", seconds
        self._due, self._ending = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def committed(self) -> None:
        """There is something to copy. For one thread."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Copy no more: whoever closes the file last copies the rest."""
        self._ending.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while self._due.wait() and not self._ending.wait(self._seconds):
            self._due.clear()
            with contextlib.suppress(sqlite3.Error):  # a disk that is full or gone is told by the next commit
                connection = connection or sqlite3.connect(self._address, uri=True, timeout=30)
                copy(connection)
        if connection is not None:
            connection.close()


def copy(connection: sqlite3.Connection) -> None:
    """Copy the log, which is then written from its beginning again, unless commits came meanwhile."""
    _, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if copied < pages > MOST_PAGES:
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
