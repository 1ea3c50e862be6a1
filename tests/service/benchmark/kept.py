"""What a benchmark service keeps in memory, for tests that look into it or act in its place."""

from services.benchmark.book import Book
from services.benchmark.tick import Tick
from services.chassis.service import Service


def tick_of(service: Service) -> Tick:
    """Its tick."""
    return next(m.__self__ for m in service._rollbacks if isinstance(m.__self__, Tick))  # type: ignore[attr-defined]


def book_of(service: Service) -> Book:
    """Its book."""
    return tick_of(service)._book
