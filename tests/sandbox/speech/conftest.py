"""One studio for all tests of speech: its models take a second to load."""

from collections.abc import AsyncIterator

import pytest

from switchboard.sandbox.speech.studio import Studio


@pytest.fixture(scope="session")
async def studio() -> AsyncIterator[Studio]:
    studio = Studio()
    assert studio.why_not is None
    yield studio
    await studio.close()
