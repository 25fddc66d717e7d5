"""Which mind an agent gets."""

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.language_model import LanguageModel
from switchboard.sandbox.conversation.mind import Mind
from switchboard.sandbox.conversation.modelled import ModelledMind
from switchboard.sandbox.conversation.persona import Persona


def mind_for(persona: Persona, llm: LanguageModel | None) -> Mind:
    """The scripted mind, or one that a language model thinks for."""
    return AgentMind(persona) if llm is None else ModelledMind(persona, llm)
