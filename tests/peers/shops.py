"""Agents of a customer at a real sandbox process, for the vendor's own clients to talk to."""

from typing import Any

KEY = "sk_" + "5" * 48
QUESTION = "How much is the double room for one night?"
MISHEARD = 0.3
"""Share of words that may be understood wrongly where somebody speaks."""
PROMPT = """You are the receptionist of Casa Verde, a small hotel in Lisbon.
Breakfast is served from 7 to 10 on the terrace. A double room costs 95 euros per night.
When the caller asks about an order, call lookup_order."""
EVENTS = [
    *("conversation_initiation_metadata", "ping", "audio", "interruption", "agent_response", "user_transcript"),
    *("tentative_user_transcript", "agent_response_correction", "agent_chat_response_part", "client_tool_call"),
    *("agent_tool_response", "vad_score"),
]
LOOKUP = {
    "type": "client",
    "name": "lookup_order",
    "description": "Looks an order up. Use it when the caller asks about an order.",
    "expects_response": True,
    "parameters": {
        "type": "object",
        "properties": {"order_id": {"type": "string", "description": "The number of the order"}},
        "required": ["order_id"],
    },
}


def config(*, text_only: bool, telephone: bool = False, **prompt: Any) -> dict[str, Any]:
    """A `conversation_config`."""
    end_call = {"type": "system", "name": "end_call", "params": {"system_tool_type": "end_call"}}
    audio = "ulaw_8000" if telephone else "pcm_16000"
    return {
        "agent": {
            "first_message": "Casa Verde, good day.",
            "language": "en",
            "prompt": {"prompt": PROMPT, "built_in_tools": {"end_call": end_call}, **prompt},
        },
        "asr": {"user_input_audio_format": audio},
        "tts": {"agent_output_audio_format": audio},
        "conversation": {"text_only": text_only, "client_events": EVENTS},
    }
