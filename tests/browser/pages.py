"""Every page of the console, for tests that look at all of them. Braces stand for ids of a `Scene`."""

from dataclasses import dataclass

PAGES = (
    "/",
    "/agents",
    "/agents/new",
    "/agents/{agent}",
    "/agents/{agent}?tab=test",
    "/agents/{agent}?tab=versions",
    "/agents/{agent}?tab=platform",
    "/live",
    "/calls",
    "/calls/{call}",
    "/calls/{call}?tab=events",
    "/calls/{call}?tab=records",
    "/voices",
    "/platforms",
    "/developers",
    "/developers?tab=requests",
    "/settings",
    "/settings?tab=account",
    "/settings?tab=audit",
    "/users",
)


@dataclass(frozen=True)
class Scene:
    """What the braces stand for."""

    agent: str
    call: str

    def address(self, page: str) -> str:
        return page.format(agent=self.agent, call=self.call)
