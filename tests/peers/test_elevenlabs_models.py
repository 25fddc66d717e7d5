"""What the sandbox answers, in the models of ElevenLabs' own client: nothing missing, nothing misshapen.

The client builds its models without checking them, so a missing field would show only where somebody reads it.
"""

import asyncio
import typing
import warnings
from collections.abc import AsyncIterator, Awaitable, Iterator
from functools import cache
from typing import Any

import httpx
import pydantic
import pytest
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.types import CreateTwilioPhoneNumberRequest, OutboundCallRecipient
from tests.peers.shops import LOOKUP, config
from tests.sandbox.elevenlabs.customers import criterion

from switchboard.sandbox.app import create_app
from switchboard.sandbox.clock import SandboxClock
from switchboard.sandbox.world import World

ANN, BUSY, OURS = "+14155550100", "+14155550101", "+15005550006"
SETTINGS = {
    "evaluation": {"criteria": [criterion("price", "The agent told a price")]},
    "data_collection": {"guest": {"type": "string", "description": "name of the guest"}},
}
WEBHOOK = {"type": "webhook", "name": "ask", "description": "Asks.", "api_schema": {"url": "https://x.example"}}


@cache
def _adapter(model: type[pydantic.BaseModel], field: str) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(model.model_fields[field].annotation)


def faults(value: Any, path: str) -> Iterator[str]:
    """Where an answer is not what its model promises."""
    if isinstance(value, pydantic.BaseModel):
        model = type(value)
        for name, field in model.model_fields.items():
            held = getattr(value, name, None)
            if field.is_required() and held is None and type(None) not in typing.get_args(field.annotation):
                yield f"{path}.{name} is missing"
            elif held is not None:
                yield from _unfit(_adapter(model, name), held, f"{path}.{name}")
                yield from faults(held, f"{path}.{name}")
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from faults(inner, f"{path}[{name}]")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from faults(inner, f"{path}[{place}]")


def _unfit(adapter: pydantic.TypeAdapter[Any], value: Any, path: str) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            adapter.validate_python(value)
        except pydantic.ValidationError as error:
            yield f"{path}: {error.errors()[0]['msg']}"


async def whole(answer: Awaitable[Any]) -> Any:
    """The answer, after a look at every field of it."""
    told = await answer
    assert not list(faults(told, type(told).__name__))
    return told


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[AsyncElevenLabs]:
    world = World(seed=7, clock=SandboxClock(100))
    transport = httpx.ASGITransport(create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        yield AsyncElevenLabs(api_key="sk_models", base_url="http://sandbox.test", httpx_client=http)
    await world.close()


async def made(client: AsyncElevenLabs, **prompt: Any) -> str:
    wanted = config(text_only=False, telephone=True, **prompt)
    agents = client.conversational_ai.agents
    return (
        await agents.create(conversation_config=wanted, platform_settings=SETTINGS, tags=["x"], name="Desk")
    ).agent_id


async def imported(client: AsyncElevenLabs) -> str:
    number = CreateTwilioPhoneNumberRequest(phone_number=OURS, label="Desk", sid="AC" + "1" * 32, token="t")
    return (await whole(client.conversational_ai.phone_numbers.create(request=number))).phone_number_id


async def test_agents_are_whole(client):
    agents, numbers = client.conversational_ai.agents, client.conversational_ai.phone_numbers
    agent_id = await made(client)
    await whole(numbers.update(await imported(client), agent_id=agent_id))
    for answer in (
        agents.get(agent_id),
        agents.update(agent_id, name="Front desk"),
        agents.list(),
        agents.summaries.get(agent_ids=[agent_id, "agent_nobody"]),
        agents.link.get(agent_id),
        agents.widget.get(agent_id),
        agents.duplicate(agent_id),
        numbers.list(),
    ):
        await whole(answer)
    override = {"conversation_config_override": {"turn": {"soft_timeout_config": {"message": True}}}}
    changed = await whole(agents.update(agent_id, platform_settings={"overrides": override}))
    assert (
        changed.platform_settings.overrides.conversation_config_override.turn.soft_timeout_config.message is True
    )


async def test_tools_and_documents_are_whole(client):
    tools, knowledge = client.conversational_ai.tools, client.conversational_ai.knowledge_base
    made_tools = [await whole(tools.create(request={"tool_config": one})) for one in (LOOKUP, WEBHOOK)]
    documents = knowledge.documents
    folder = await whole(documents.create_folder(name="Docs"))
    text = await whole(documents.create_from_text(text="The pool is open.", parent_folder_id=folder.id))
    address = await whole(documents.create_from_url(url="https://casa.example", parent_folder_id=folder.id))
    file = await whole(documents.create_from_file(file=("menu.txt", b"Soup costs 6 euros.")))
    known = [{"type": "text", "id": text.id, "name": "Pool"}]
    await made(client, knowledge_base=known, tool_ids=[one.id for one in made_tools])
    for answer in (
        *(tools.get(one.id) for one in made_tools),
        tools.list(),
        tools.get_dependent_agents(made_tools[0].id),
        *(documents.get(one.id) for one in (folder, text, address, file)),
        documents.get_agents(text.id),
        knowledge.list(),
    ):
        await whole(answer)
    shown = await documents.get(folder.id)
    assert (shown.children_count, shown.document_count) == (2, 2)
    assert [part.name for part in (await documents.get(text.id)).folder_path] == ["Docs"]
    assert (await documents.get(file.id)).filename == "menu.txt"


async def test_conversations_and_batches_are_whole_at_every_stage(client):
    agent_id, number = await made(client), await imported(client)
    conversations, batches = client.conversational_ai.conversations, client.conversational_ai.batch_calls
    order = {"agent_id": agent_id, "agent_phone_number_id": number}
    placed = await whole(client.conversational_ai.twilio.outbound_call(**order, to_number=ANN))
    recipients = [OutboundCallRecipient(phone_number=BUSY)]
    batch = await whole(batches.create(call_name="x", recipients=recipients, **order))
    while (await whole(conversations.get(placed.conversation_id))).status != "done":  # noqa: ASYNC110 -- it can only be asked
        await asyncio.sleep(0.02)
    for answer in (
        conversations.list(evaluation_criteria_ids=["price"], data_collection_ids=["guest"]),
        conversations.get_signed_url(agent_id=agent_id),
        conversations.get_webrtc_token(agent_id=agent_id),
        client.conversational_ai.analytics.live_count.get(),
        batches.get(batch.id),
        batches.list(),
    ):
        await whole(answer)
    (listed,) = (
        await conversations.list(call_successful="success", evaluation_criteria_ids=["price"])
    ).conversations
    assert listed.evaluation_criteria_results["price"].result == "success"


async def test_voices_models_account_and_webhooks_are_whole(client):
    hook = {"auth_type": "hmac", "name": "calls", "webhook_url": "https://x.example"}
    made_hook = await whole(client.webhooks.create(settings=hook))
    wanted = {"post_call_webhook_id": made_hook.webhook_id, "events": ["transcript"]}
    voices = await whole(client.voices.search())
    settings = client.conversational_ai.settings
    for answer in (
        settings.update(webhooks=wanted),
        settings.get(),
        client.webhooks.list(include_usages=True),
        client.webhooks.update(made_hook.webhook_id, is_disabled=False, name="calls"),
        client.webhooks.delete(made_hook.webhook_id),
        client.voices.get_all(),
        client.voices.get(voices.voices[0].voice_id),
        client.models.list(),
        client.conversational_ai.llm.list(),
        client.user.get(),
        client.user.subscription.get(),
    ):
        await whole(answer)
