"""A person with an ear at the wall behaves as before, and what was said is on record."""

from switchboard.sandbox.line import Speech
from switchboard.sandbox.phones.overheard import Overheard, Said


class Mind:
    language = "de"
    interrupts = True

    async def opens(self) -> Speech | None:
        return Speech("Hallo?")

    async def answers(self, heard: str) -> Speech | None:
        return Speech("Ja.", hangs_up=True) if heard else None


async def test_words_pass_unchanged_and_are_written_down():
    said: list[Said] = []
    seconds = iter((0.5, 1.0, 2.0, 3.0))
    person = Overheard(Mind(), said, lambda: next(seconds))
    assert (person.language, person.interrupts) == ("de", True)
    assert await person.opens() == Speech("Hallo?")
    assert await person.answers("Guten Tag") == Speech("Ja.", hangs_up=True)
    assert await person.answers("") is None
    assert said == [Said(0.5, "callee", "Hallo?"), Said(1.0, "caller", "Guten Tag"), Said(2.0, "callee", "Ja.")]


def test_an_endless_talk_is_written_down_only_so_far():
    said: list[Said] = []
    person = Overheard(Mind(), said, lambda: 0.0)
    for _ in range(600):
        person.hears("and another thing")
    assert len(said) == 500
