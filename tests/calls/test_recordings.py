import asyncio
import os
import time

import pytest

from switchboard.calls.recordings import Recordings
from switchboard.providers.errors import ProviderMissing
from switchboard.providers.normalised import Audio

LONG_AGO = 3600


class Vendor:
    """A platform with one recording; counts how often it is asked."""

    def __init__(self, content=b"RIFF" + bytes(96), media_type="audio/wav"):
        self.audio = Audio(content, media_type)
        self.asked = 0
        self.was_asked = asyncio.Event()

    async def __call__(self):
        self.asked += 1
        self.was_asked.set()
        await asyncio.sleep(0)
        return self.audio


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "recordings"


@pytest.fixture
async def recordings(folder):
    kept = Recordings(folder, max_bytes=1000, keep_seconds=1e6)
    yield kept
    await kept.aclose()


async def heard(recording, first=0, last=None):
    last = recording.size - 1 if last is None else last
    return b"".join([piece async for piece in recording.part(first, last)])


def age(folder, name, *, unheard=LONG_AGO, fetched=LONG_AGO):
    """Make it so many seconds ago that the file was last heard and was fetched."""
    os.utime(folder / name, (time.time() - unheard, time.time() - fetched))


async def test_a_final_recording_is_fetched_once_and_read_in_parts_from_then_on(recordings, folder):
    vendor = Vendor(b"RIFF0123456789", "audio/wav; rate=8000")
    first = await recordings.get("call_1", vendor, final=True)
    second = await recordings.get("call_1", vendor, final=True)
    assert vendor.asked == 1
    assert (await heard(first), await heard(second)) == (b"RIFF0123456789", b"RIFF0123456789")
    assert await heard(second, 4, 6) == b"012"
    assert first.media_type == second.media_type
    assert (folder.stat().st_mode & 0o077, (folder / "call_1").stat().st_mode & 0o077) == (0, 0)


async def test_a_long_recording_is_read_piece_by_piece(recordings, monkeypatch):
    monkeypatch.setattr("switchboard.calls.recordings._PIECE", 10)
    vendor = Vendor(b"RIFF" + bytes(range(95)))
    await recordings.get("call_1", vendor, final=True)
    kept = await recordings.get("call_1", vendor, final=True)
    pieces = [piece async for piece in kept.part(5, 39)]
    assert (b"".join(pieces), max(map(len, pieces))) == (vendor.audio.content[5:40], 10)


async def test_ten_who_ask_at_once_cost_one_fetch(recordings):
    vendor = Vendor()
    found = await asyncio.gather(*(recordings.get("call_1", vendor, final=True) for _ in range(10)))
    assert (vendor.asked, {one.size for one in found}) == (1, {100})


async def test_who_leaves_does_not_take_the_fetch_away_from_the_others(recordings):
    vendor = Vendor()
    impatient = asyncio.create_task(recordings.get("call_1", vendor, final=True))
    patient = asyncio.create_task(recordings.get("call_1", vendor, final=True))
    await vendor.was_asked.wait()
    impatient.cancel()
    assert (await patient).size == 100
    assert vendor.asked == 1


async def test_a_recording_that_may_still_change_is_not_kept(recordings, folder):
    vendor = Vendor()
    assert not (await recordings.get("call_1", vendor, final=False)).kept
    await recordings.get("call_1", vendor, final=False)
    assert vendor.asked == 2
    assert not folder.exists()


async def test_nothing_is_kept_of_a_failure(recordings, folder):
    async def gone():
        raise ProviderMissing("There is none.", provider="ultravox")

    for _ in range(2):
        with pytest.raises(ProviderMissing):
            await recordings.get("call_1", gone, final=True)
    assert not folder.exists()


async def test_the_longest_unheard_make_room(recordings, folder):
    for number, unheard in enumerate((300, 900, 600)):
        await recordings.get(f"call_{number}", Vendor(bytes(300)), final=True)
        age(folder, f"call_{number}", unheard=unheard)
    await recordings.get("call_0", Vendor(), final=True)
    age(folder, "call_0", unheard=60)
    await recordings.get("call_3", Vendor(bytes(300)), final=True)
    assert {one.name for one in folder.iterdir()} == {"call_0", "call_2", "call_3"}


async def test_what_is_larger_than_all_room_is_handed_on_and_drives_nothing_out(recordings, folder):
    await recordings.get("call_0", Vendor(), final=True)
    age(folder, "call_0")
    vendor = Vendor(bytes(2000))
    assert len(await heard(await recordings.get("call_1", vendor, final=True))) == 2000
    assert [one.name for one in folder.iterdir()] == ["call_0"]


async def test_what_was_fetched_long_ago_is_fetched_anew_and_old_files_go(folder):
    recordings = Recordings(folder, max_bytes=1000, keep_seconds=60)
    vendor = Vendor()
    for name in ("call_1", "call_2"):
        await recordings.get(name, vendor, final=True)
        age(folder, name)
    await recordings.get("call_1", vendor, final=True)
    await recordings.aclose()
    assert vendor.asked == 3
    assert [one.name for one in folder.iterdir()] == ["call_1"]


async def test_a_disk_that_takes_nothing_costs_only_the_next_fetch(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    recordings = Recordings(tmp_path / "file" / "recordings", max_bytes=1000, keep_seconds=60)
    vendor = Vendor()
    for _ in range(2):
        assert (await recordings.get("call_1", vendor, final=True)).size == 100
    await recordings.aclose()
    assert vendor.asked == 2


@pytest.mark.parametrize(
    ("told", "content", "shown"),
    [
        ("text/html", b"RIFF", "audio/wav"),
        ("text/html", b"<script>", "application/octet-stream"),
        ("Audio/MPEG", b"ID3", "audio/mpeg"),
        ("audio/x" + "y" * 300, b"OggS", "audio/ogg"),
    ],
)
async def test_only_audio_is_called_so(recordings, told, content, shown):
    assert (await recordings.get("call_1", Vendor(content, told), final=True)).media_type == shown
    assert (await recordings.get("call_1", Vendor(), final=True)).media_type == shown
