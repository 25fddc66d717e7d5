import random
from datetime import UTC, datetime
from types import SimpleNamespace

from switchboard.sandbox import line
from switchboard.sandbox.line import Exchange
from switchboard.sandbox.memory import forget_oldest
from switchboard.sandbox.twilio import accounts, recordings
from switchboard.sandbox.twilio.accounts import Accounts
from switchboard.sandbox.twilio.calls import RecordingOrder
from switchboard.sandbox.twilio.recordings import Recording, Shelf, Taped


def test_the_oldest_that_are_over_go_first():
    kept = {"a": True, "b": False, "c": True, "d": True}
    forget_oldest(kept, lambda over: over, most=2)
    assert list(kept) == ["b", "d"]


def test_what_goes_on_stays():
    kept = dict.fromkeys("abc", False)
    forget_oldest(kept, lambda over: over, most=1)
    assert list(kept) == ["a", "b", "c"]


def test_what_is_forgotten_is_told():
    assert forget_oldest({"a": 1, "b": 2, "c": 3}, lambda _: True, most=1) == [1, 2]


def test_the_stream_address_registered_longest_ago_is_forgotten(monkeypatch):
    monkeypatch.setattr(line, "MOST_ADDRESSES", 2)
    exchange = Exchange()
    for path in ("/a", "/b", "/a", "/c"):
        exchange.register(path, object())
    assert [path for path in ("/a", "/b", "/c") if exchange.find(f"wss://any{path}")] == ["/a", "/c"]


def test_an_account_that_was_not_used_for_long_is_forgotten_unless_it_talks(monkeypatch):
    monkeypatch.setattr(accounts, "MOST_ACCOUNTS", 2)
    known = Accounts(random.Random(1))
    sids = ["AC" + digit * 32 for digit in "1234"]
    talks, idle = known.open(sids[0], "t"), known.open(sids[1], "t")
    known.remember(talks, call("CA1", is_over=False))
    known.remember(idle, call("CA2", is_over=True))
    for sid in sids[2:]:
        known.open(sid, "t")
    assert [one.sid for one in known.all()] == [sids[0], sids[3]]
    assert (known.call("CA1"), known.call("CA2")) == (talks.calls["CA1"], None)


def test_all_accounts_together_remember_so_many_calls(monkeypatch):
    monkeypatch.setattr(
        accounts, "forget_oldest", lambda kept, is_over, most=2: forget_oldest(kept, is_over, most)
    )
    known = Accounts(random.Random(1))
    first, second = (known.open("AC" + digit * 32, "t") for digit in "12")
    for owner, sid in ((first, "CA1"), (second, "CA2"), (second, "CA3")):
        known.remember(owner, call(sid, is_over=True))
    assert (list(first.calls), list(second.calls)) == ([], ["CA2", "CA3"])
    assert [one.sid for one in known.latest_calls(5)] == ["CA3", "CA2"]


def test_sound_beyond_measure_is_let_go_of_oldest_first(monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SOUND_BYTES", 40)
    shelf, now = Shelf(), datetime.now(UTC)
    made = [Recording(f"RE{n}", "AC1", "CA1", RecordingOrder("OutboundAPI"), now, now, "") for n in range(3)]
    for one in made:
        shelf.keep(one)
        shelf.fill(one, Taped(bytes(10), bytes(10)))
    assert [one.sound is None for one in made] == [True, False, False]


def call(sid, *, is_over):
    return SimpleNamespace(sid=sid, is_over=is_over)
