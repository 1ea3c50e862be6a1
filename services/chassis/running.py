"""One service as this process: from its settings in the environment to the signal that ends it."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa

from services.chassis import logs, process
from services.chassis.config import ConfigurationError, ServiceSettings, load
from services.chassis.database import UnsafeDatabase
from services.chassis.service import Service

S = TypeVar("S", bound=ServiceSettings)


async def _run(service: Service) -> None:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await service.start()
    process.look_for_garbage_rarely()
    await stopping.wait()
    await service.stop()


def run_forever(create_app: Callable[[S], Service], settings: type[S]) -> None:
    """Run one service as this process until SIGTERM or SIGINT. Settings come from the environment."""
    try:
        loaded = load(settings)
        logs.configure(loaded.log_format, loaded.log_level)
        process.give_way(loaded.nice)
        process.keep_what_is_given_back()
        asyncio.run(_run(create_app(loaded)))
    except ConfigurationError as error:
        sys.exit(_say(error, 2))
    except (UnsafeDatabase, OSError, sa.exc.OperationalError) as error:
        sys.exit(_say(error, 3))


def _say(error: Exception, exit_code: int) -> int:
    with contextlib.suppress(BrokenPipeError):
        print(str(error).splitlines()[0], file=sys.stderr)
    return exit_code
