"""What can be wrong with agents."""

from switchboard.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class UnknownAgent(NotFound):
    """Unknown agent."""

    slug = "unknown-agent"

    def __init__(self, agent_id: str) -> None:
        super().__init__(f"No agent {agent_id[:64]} exists. List them with GET /api/v1/agents.")


class AgentNotReady(Conflict):
    """The agent cannot be used now."""

    slug = "agent-not-ready"


class AgentChanged(PreconditionFailed):
    """Somebody else changed the agent first."""

    slug = "agent-changed"


class InvalidAgent(InvalidInput):
    """The agent has wrong fields."""

    slug = "invalid-agent"
