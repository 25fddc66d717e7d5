"""The vendor's `Conversation`, whose import warns of what websockets will take away."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from elevenlabs.conversational_ai.conversation import (
        AsyncAudioInterface,
        AsyncConversation,
        AudioInterface,
        ClientTools,
        Conversation,
        ConversationInitiationData,
    )

__all__ = [
    "AsyncAudioInterface",
    "AsyncConversation",
    "AudioInterface",
    "ClientTools",
    "Conversation",
    "ConversationInitiationData",
]
