"""A way into a console that nobody has signed in to: told once, on the terminal of whoever starts the server."""

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from switchboard.access.service import AccessService
from switchboard.cli.startup import stop
from switchboard.core.clock import SystemClock
from switchboard.events.service import EventLog
from switchboard.events.wakeups import Wakeups
from switchboard.persistence.database import Database
from switchboard.settings import Settings


async def announce_first_admin(settings: Settings) -> None:
    """Make the first admin if there are no users, and tell the password. Ends the command without a database."""
    assert settings.database_url is not None
    database = Database(settings.database_url)
    events = EventLog(database, Wakeups(database.conninfo))
    access = AccessService(database, events, SystemClock(), settings=settings.access)
    try:
        made = await access.users.first_admin_password()
    except ProgrammingError:
        stop("The database does not have our tables yet. Run `switchboard db upgrade` first.")
    except OperationalError as error:
        stop(f"The database at DATABASE_URL cannot be used: {error.orig}")
    finally:
        await access.aclose()
        await database.close()
    if made is not None:
        username, password = made
        typer.echo(
            "\nNobody can sign in to the console yet, so this user was made. The password is not shown again;\n"
            "change it after signing in.\n\n"
            f"  User name  {username}\n"
            f"  Password   {password}\n",
            err=True,
        )
