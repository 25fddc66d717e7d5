"""`switchboard worker`: runs jobs; as many as you like on one database."""

import asyncio
import signal
from contextlib import suppress


def worker() -> None:
    """Place, follow and settle calls. Needs DATABASE_URL; run as many as you like."""
    from switchboard.cli.startup import read_settings
    from switchboard.telemetry.logs import configure_logging

    settings = read_settings(needs_database=True)
    configure_logging(settings.log)

    async def work() -> None:
        from switchboard.app import running

        task = asyncio.current_task()
        assert task is not None
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
        async with running(settings) as parts:
            await parts.work()

    with suppress(asyncio.CancelledError):
        asyncio.run(work())
