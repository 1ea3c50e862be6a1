"""A service as a process of its own with marks around its steps: `python -m tests.performance.marked validate`.

Time within a mark counts to that mark alone, not to the one around it. What is said at the end, in `<addresses file>.marks`, is
seconds by step. A step whose place in the code has moved is not measured, and named.
"""

import functools
import importlib
import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = {  # step -> where it is: module, then the name in it
    "decode": (
        "services.chassis.event decode",
        "services.validate.received Reader.__call__",
        "services.benchmark.wire batch",
    ),
    "take in": ("services.ingest.record take_in",),
    "assess": ("services.validate.app take_in",),
    "read state": ("services.validate.store known", "services.validate.store standing_of"),
    "keep rows": ("services.validate.store keep", "services.benchmark.store append_observations"),
    "state": ("services.benchmark.state PeriodState.apply", "services.benchmark.state PeriodState.freeze"),
    "cells": ("services.benchmark.cells of_groups",),
    "intervals": ("services.benchmark.plans of",),
    "standings": ("services.benchmark.moves moves", "services.benchmark.moved_wire changed"),
    "encode": (
        "services.validate.wire assessed",
        "services.validate.dense_wire observations",
        "services.benchmark.update_wire updates",
        "services.benchmark.wire standing_changed",
        "services.validate.judging _written",
        "services.validate.taken Taken.assessed",
        "services.chassis.outbox Transaction.announce",
        "services.chassis.outbox Transaction.announce_raw",
        "services.chassis.outbox Transaction.announce_all",
        "services.chassis.outbox Transaction.announce_run",
    ),
    "outbox": ("services.chassis.outbox Transaction.flush",),
    "SQL": (
        "sqlalchemy.engine.base Connection.execute",
        "sqlalchemy.engine.base Connection.exec_driver_sql",
        "services.chassis.statement Statement._cursor",
        "services.chassis.statement Statement.many",
        "services.chassis.statement Statement.many_in_order",
    ),
    "commit": ("sqlalchemy.engine.default DefaultDialect.do_commit",),
    "handler, rest": ("services.chassis.messaging apply",),
    "transaction, rest": ("services.chassis.service Service.transact",),
}
spent: dict[str, float] = defaultdict(float)
_within = threading.local()


def marked(step: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, its time counted to a step and taken from the step around it."""

    @functools.wraps(function)
    def measured(*arguments: Any, **named: Any) -> Any:
        stack = _within.__dict__.setdefault("stack", [])
        began = time.perf_counter()
        stack.append(0.0)
        try:
            return function(*arguments, **named)
        finally:
            took = time.perf_counter() - began
            spent[step] += took - stack.pop()
            if stack:
                stack[-1] += took

    return measured


def mark(service: str) -> list[str]:
    """Put the marks where they belong for a service; returns the places that are not there."""
    missing = []
    for step, places in STEPS.items():
        for place in places:
            module_name, name = place.split()
            if module_name.startswith("services.") and module_name.split(".")[1] not in (service, "chassis"):
                continue
            try:
                owner: Any = importlib.import_module(module_name)
                *path, last = name.split(".")
                for part in path:
                    owner = getattr(owner, part)
                setattr(owner, last, marked(step, getattr(owner, last)))
            except (ImportError, AttributeError):
                missing.append(place)
    return missing


def main(service: str) -> None:
    """Run the service until SIGTERM, then write what was measured."""
    app = importlib.import_module(f"services.{service}.app")
    missing = mark(service)
    from services.chassis.running import run_forever

    try:
        run_forever(app.create_app, app.Settings)
    finally:
        told = {"steps": spent, "missing": missing, "cpu": time.process_time()}
        Path(os.environ["NOEGLETAL_ADDRESSES_FILE"] + ".marks").write_text(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
