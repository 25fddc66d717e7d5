"""What a conversation needs of whoever leads it: an agent, a language model, or a person on the telephone."""

from typing import Protocol

from switchboard.sandbox.line import Person, Speech, ToolCall, ToolResult

_A_PERSONS_PATIENCE = 9.0
"""Longer than an agent's, so that on a silent line the agent speaks up first."""


class Mind(Protocol):
    """One party of one conversation. The same words heard give the same words said."""

    async def opens(self) -> Speech:
        """The first words; an empty text waits for the other side's."""
        ...

    async def answers(self, heard: str) -> Speech | ToolCall | None:
        """The reply; empty `heard` is a silence that outlasted `waits()`. None: it stays silent."""
        ...

    async def learns(self, call: ToolCall, result: ToolResult) -> Speech | ToolCall | None:
        """What follows from a tool's answer; None: nothing more to say."""
        ...

    def waits(self) -> float:
        """Seconds of silence until it speaks up by itself."""
        ...

    def notes(self, context: str) -> None:
        """Learn something in silence, to be used in later answers."""
        ...


class PersonMind:
    """A person of the town as the leader of their own side of a live line."""

    def __init__(self, person: Person) -> None:
        self._person = person

    async def opens(self) -> Speech:
        return await self._person.opens() or Speech("")

    async def answers(self, heard: str) -> Speech | None:
        return await self._person.answers(heard)

    async def learns(self, call: ToolCall, result: ToolResult) -> None:
        """People have no tools."""

    def waits(self) -> float:
        return _A_PERSONS_PATIENCE

    def notes(self, context: str) -> None:
        """People are told nothing behind the agent's back."""
