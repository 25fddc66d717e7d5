"""The command `switchboard`: one module per command; heavy imports wait until a command needs them."""

import typer

from switchboard.cli import agents, calls, db, demo, keys, sandbox, serve, users, voices, worker

app = typer.Typer(
    name="switchboard",
    help="Run, watch and change voice-AI phone agents on Ultravox, ElevenLabs and Twilio.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(demo.demo)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(sandbox.sandbox)
app.add_typer(db.app, name="db")
app.add_typer(agents.app, name="agents")
app.add_typer(voices.app, name="voices")
app.add_typer(calls.app, name="calls")
app.add_typer(keys.app, name="keys")
app.add_typer(users.app, name="users")


def main() -> None:
    app()
