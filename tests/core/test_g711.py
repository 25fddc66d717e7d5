import struct

import pytest

from switchboard.core import g711

EVERY_SAMPLE = struct.pack("<65536h", *range(-32768, 32768))


@pytest.mark.parametrize("law", ["mu", "a"])
def test_every_sample_comes_back_within_its_step(law):
    to, back = getattr(g711, f"to_{law}_law"), getattr(g711, f"from_{law}_law")
    encoded = to(EVERY_SAMPLE)
    assert len(encoded) == 65_536
    decoded = struct.unpack("<65536h", back(encoded))
    for sample, heard in zip(range(-32768, 32768), decoded, strict=True):
        assert abs(sample - heard) <= max(19, abs(sample) / 20), sample


@pytest.mark.parametrize("law", ["mu", "a"])
def test_every_byte_stands_for_itself(law):
    to, back = getattr(g711, f"to_{law}_law"), getattr(g711, f"from_{law}_law")
    same = to(back(bytes(range(256))))
    # Mu-law has two zeros; the negative one is not made.
    assert [byte for byte in range(256) if same[byte] != byte] == ([0x7F] if law == "mu" else [])


def test_known_values_of_g_711():
    samples = struct.pack("<5h", 0, 1000, -1000, 32767, -32768)
    assert g711.to_mu_law(samples) == bytes([0xFF, 0xCE, 0x4E, 0x80, 0x00])
    assert g711.to_a_law(samples) == bytes([0xD5, 0xFA, 0x7A, 0xAA, 0x2A])


def test_half_a_sample_is_left_out():
    assert g711.to_mu_law(b"\0\0\0") == b"\xff"
