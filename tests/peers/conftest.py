import pytest
from tests.peers.shops import QUESTION

from switchboard.sandbox.speech.studio import Studio
from switchboard.sandbox.speech.voices import PALETTE


@pytest.fixture(scope="session")
async def question() -> bytes:
    """`QUESTION` spoken: PCM, 16 bit, 16 kHz."""
    studio = Studio()
    try:
        return await studio.say(QUESTION, PALETTE["felix"])
    finally:
        await studio.close()
