"""The models of this process, each loaded once by whoever needs it first. Imported only where speech is there."""

from functools import lru_cache
from threading import Lock

from switchboard.sandbox.speech.ears import Ears
from switchboard.sandbox.speech.mouth import Mouth

_ears, _mouth = lru_cache(maxsize=1)(Ears), lru_cache(maxsize=1)(Mouth)
# A cache alone would load twice for two threads that come together.
_loading_ears, _loading_mouth = Lock(), Lock()


def ears() -> Ears:
    with _loading_ears:
        return _ears()


def mouth() -> Mouth:
    with _loading_mouth:
        return _mouth()
