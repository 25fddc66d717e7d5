from switchboard.sandbox.memory import forget_oldest


def test_the_oldest_that_are_over_go_first():
    kept = {"a": True, "b": False, "c": True, "d": True}
    forget_oldest(kept, lambda over: over, most=2)
    assert list(kept) == ["b", "d"]


def test_what_goes_on_stays():
    kept = dict.fromkeys("abc", False)
    forget_oldest(kept, lambda over: over, most=1)
    assert list(kept) == ["a", "b", "c"]
