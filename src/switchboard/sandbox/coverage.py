"""What is imitated, told by the routes, and what vendors have beside it, told by their documents."""

from collections.abc import Iterable, Iterator

from switchboard.sandbox.checklists import CHECKLISTS
from switchboard.sandbox.description import SOCKET, Operation, operations

_TITLES = {"elevenlabs": "ElevenLabs", "twilio": "Twilio", "ultravox": "Ultravox", "control": "Control"}

NOT_IMITATED = {
    "elevenlabs": {
        "POST /v1/convai/sip-trunk/outbound-call": "no SIP trunks",
        "POST /v1/convai/exotel/outbound-call": "no Exotel",
        "POST /v1/convai/whatsapp/outbound-call": "no WhatsApp",
        "POST /v1/convai/agents/{agent_id}/simulate-conversation": "removed by the vendor",
        "POST /v1/convai/agent-testing/create": "no tests of agents",
        "POST /v1/convai/agents/{agent_id}/run-tests": "no tests of agents",
        "GET /v1/convai/agents/{agent_id}/branches": "one branch only; PATCH makes versions on it",
        "POST /v1/convai/mcp-servers": "no MCP",
        "POST /v1/convai/secrets": "no secrets store",
        "GET /v1/shared-voices": "no voice library",
        "POST /v1/voices/add": "voices are fixed; see the control API for more of them",
        "POST /v1/text-to-speech/{voice_id}/with-timestamps": "no timestamps",
        "POST /v1/speech-to-text": "speech to text serves conversations only",
        "POST /v1/workspace/analytics/query/usage-by-product-over-time": "no analytics",
        "WEBSOCKET /v1/convai/conversations/{conversation_id}/monitor": "no monitoring socket",
        "GET /v1/convai/outbound-campaigns": "batch calls only",
    },
    "twilio": {
        "POST /2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers.json": "numbers are given, none is bought",
        "GET /2010-04-01/Accounts/{account_sid}/AvailablePhoneNumbers/{country}/Local.json": "none is sold",
        "POST /2010-04-01/Accounts/{account_sid}/Messages.json": "no messages",
        "GET /2010-04-01/Accounts/{account_sid}/Conferences.json": "no conferences",
        "GET /2010-04-01/Accounts/{account_sid}/Calls/{sid}/Notifications.json": "see `notes` at the control API",
        "GET /2010-04-01/Accounts/{account_sid}/Calls/{sid}/Events.json": "see `callbacks` at the control API",
        "GET /2010-04-01/Accounts/{account_sid}/Queues.json": "no queues",
        "POST /2010-04-01/Accounts/{account_sid}/Calls/{sid}/Siprec.json": "no SIPREC",
        "POST /2010-04-01/Accounts/{account_sid}/Calls/{sid}/Transcriptions.json": "no transcriptions",
        "POST /2010-04-01/Accounts/{account_sid}/Calls/{sid}/Payments.json": "no payments",
        "GET /2010-04-01/Accounts/{account_sid}/OutgoingCallerIds.json": "no verified caller ids",
    },
    "ultravox": {
        "POST /api/voices": "no cloned voices",
        "GET /api/corpora": "no corpora",
        "POST /api/agents/{agent_id}/scheduled_batches": "no schedules",
        "GET /api/calls/{call_id}/stages/{stage_id}/messages/{index}/audio": "no audio of single messages",
        "GET /api/accounts/me/billing/invoices": "no invoices",
        "GET /api/sip": "no SIP",
        "GET /api/api_keys": "keys are not managed by key",
    },
}
"""Operations of the vendors' documents that nothing here answers, and why. A test compares the routes."""


def page() -> str:
    """The coverage as a page of the reference."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    known = operations()
    yield "# What the sandbox covers"
    yield ""
    yield "Made by `switchboard sandbox --coverage` from the sandbox's own routes; `--openapi` prints them as"
    yield "OpenAPI 3.1. How each of them behaves stands in [The sandbox](sandbox.md) and"
    yield "[its platforms](sandbox-platforms.md)."
    for owner in ("elevenlabs", "ultravox", "twilio", "control"):
        yield from _section(owner, [one for one in known if one.owner == owner])
    yield ""
    yield "## The vendors' habits"
    yield ""
    yield "What a client relies on beside paths, and the test that holds the sandbox to it."
    for owner, items in CHECKLISTS.items():
        yield ""
        yield f"### {_TITLES[owner]}"
        yield ""
        yield "| | held by |"
        yield "|---|---|"
        for item, tests in items:
            yield f"| {item} | {'<br>'.join(f'`{test}`' for test in tests)} |"


def _section(owner: str, answered: Iterable[Operation]) -> Iterator[str]:
    yield ""
    yield f"## {_TITLES[owner]}"
    yield ""
    yield "| answered | |"
    yield "|---|---|"
    for operation in answered:
        method = "socket" if operation.method == SOCKET else operation.method
        yield f"| {method} | `{operation.path}` |"
    missing = NOT_IMITATED.get(owner)
    if missing:
        yield ""
        yield "| not answered | because |"
        yield "|---|---|"
        for name, reason in missing.items():
            yield f"| `{name}` | {reason} |"
