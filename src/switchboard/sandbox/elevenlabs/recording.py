"""A conversation's recording as an MP3 file of quiet tones. CPU-bound: call off the event loop."""

from switchboard.sandbox.conversation import audio
from switchboard.sandbox.conversation.dialogue import Role
from switchboard.sandbox.elevenlabs import voices
from switchboard.sandbox.elevenlabs.conversation import Conversation

_CALLEE_PITCH, _AGENT_PITCH = 220, 300


def mp3(conversation: Conversation) -> bytes:
    """As long as the talk, a tone per turn: the agent's in the pitch of its voice."""
    speaker = voices.find(conversation.config["tts"]["voice_id"])
    pitch = speaker.pitch if speaker else _AGENT_PITCH
    turns = conversation.dialogue.turns if conversation.dialogue else []
    tones = [
        audio.Tone(turn.starts_at, turn.duration, pitch if turn.role is Role.AGENT else _CALLEE_PITCH)
        for turn in turns
    ]
    return audio.mp3(tones, conversation.seconds)
