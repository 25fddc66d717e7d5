"""Which agent is meant: people type names, machines ids."""

from typing import Any

from switchboard.cli.command import Invocation
from switchboard.cli.errors import ExitCode, Failure


def agent_id(run: Invocation, agent: str) -> str:
    """The id of an agent given as id or as (the beginning of) its name.

    Raises: Failure when no agent, or more than one, is called so.
    """
    return agent if agent.startswith("agt_") else str(_named(run, agent)["id"])


def _named(run: Invocation, name: str) -> dict[str, Any]:
    wanted = name.casefold()
    candidates = run.client.pages("/agents", limit=200, search=name[:200]) if name.strip() else []
    starting = [agent for agent in candidates if str(agent["name"]).casefold().startswith(wanted)]
    exact = [agent for agent in starting if str(agent["name"]).casefold() == wanted]
    match exact or starting:
        case [only]:
            return only
        case []:
            detail = f"No agent's name begins with {name!r}. See `switchboard agents list`."
            raise Failure.local(ExitCode.NOT_FOUND, "Unknown agent", detail, code="unknown-agent")
        case several:
            shown = "; ".join(f"{agent['id']} {agent['name']} ({agent['platform']})" for agent in several[:5])
            detail = f"{len(several)} agents are called {name!r}: {shown}. Give the id of one."
            raise Failure.local(ExitCode.USAGE, "Several agents fit", detail, code="ambiguous-agent")
