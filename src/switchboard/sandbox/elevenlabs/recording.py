"""A conversation's recording from its transcript, where it passed in words."""

from switchboard.sandbox.conversation.dialogue import Role
from switchboard.sandbox.elevenlabs import voices
from switchboard.sandbox.elevenlabs.conversation import Conversation
from switchboard.sandbox.speech.aloud import Voice
from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.track import Line, Track
from switchboard.sandbox.speech.voices import timbre_for

_CALLEE_PITCH = 220


async def mp3(conversation: Conversation, studio: Studio) -> bytes:
    """As long as the talk: the callee left, the agent in its own voice right."""
    turns = conversation.dialogue.turns if conversation.dialogue else []
    lines = [Line(turn.text, turn.starts_at, turn.duration, turn.role is Role.AGENT) for turn in turns]
    callee = Voice(timbre_for(conversation.conversation_id), _CALLEE_PITCH)
    agent = voices.voice_of(conversation.config["tts"]["voice_id"])
    return await Track(lines, conversation.seconds, callee, agent).mp3(studio)
