"""What can be wrong with agents."""

from switchboard.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from switchboard.providers.errors import ProviderUnavailable


class UnknownAgent(NotFound):
    """Unknown agent."""

    slug = "unknown-agent"

    def __init__(self, agent_id: str) -> None:
        super().__init__(f"No agent {agent_id[:64]} exists. List them with GET /api/v1/agents.")


class UnknownVersion(NotFound):
    """The agent has no such version."""

    slug = "unknown-version"


class UnknownImport(NotFound):
    """Unknown import."""

    slug = "unknown-import"


class AgentNotReady(Conflict):
    """The agent cannot be used now."""

    slug = "agent-not-ready"


class AgentBusy(Conflict):
    """Something is going on with the agent."""

    slug = "agent-busy"


class NoDraft(Conflict):
    """There is nothing to publish."""

    slug = "no-draft"


class DraftOutdated(Conflict):
    """The agent was changed after its draft."""

    slug = "draft-outdated"


class AgentChanged(PreconditionFailed):
    """Somebody else changed the agent first."""

    slug = "agent-changed"


class InvalidAgent(InvalidInput):
    """The agent has wrong fields."""

    slug = "invalid-agent"


class KeptAsDraft(ProviderUnavailable):
    """The platform is out of reach; what you sent is kept."""

    slug = "kept-as-draft"
