import pytest

from switchboard.sandbox.conversation.agent import AgentMind
from switchboard.sandbox.conversation.outcomes import told
from switchboard.sandbox.conversation.persona import Persona, Tool
from switchboard.sandbox.conversation.phrases import AGENT
from switchboard.sandbox.line import Speech, ToolCall, ToolResult

LOOK_UP = Tool(
    "lookup_order",
    "Finds where an order is.",
    {"properties": {"order_id": {"type": "string", "description": "The order number"}}, "required": ["order_id"]},
)
BOOK = Tool(
    "book_table",
    "Reserves a table.",
    {
        "properties": {
            "people": {"type": "integer", "description": "Number of guests"},
            "date": {"type": "string"},
            "name": {"type": "string", "description": "Name of the guest"},
            "outside": {"type": "boolean"},
        },
        "required": ["people", "date", "name"],
    },
)
PROMPT = """You are the voice of Verde, a shop with a café. We open at 9 am. Coffee costs 3 euros.
When the caller asks where a parcel is, use lookup_order."""


async def mind(*tools: Tool, prompt: str = PROMPT, **more) -> AgentMind:
    opened = AgentMind(Persona(prompt, "Hello.", tools=tools, **more))
    await opened.opens()
    return opened


async def test_a_tool_is_called_when_the_prompt_says_so():
    agent = await mind(LOOK_UP)
    assert await agent.answers("Where is my parcel? It is order 4711.") == ToolCall(
        "call_1", "lookup_order", {"order_id": "4711"}
    )


async def test_a_tool_is_called_when_its_description_fits():
    agent = await mind(BOOK, prompt="You are the voice of Verde.")
    call = await agent.answers("This is Ann Lee. I would like to reserve a table for four tomorrow.")
    assert call == ToolCall("call_1", "book_table", {"people": 4, "date": "tomorrow", "name": "Ann Lee"})


async def test_what_is_missing_is_asked_for_and_what_was_said_before_is_not():
    agent = await mind(BOOK, prompt="You are the voice of Verde.")
    await agent.answers("Hello, this is Ann Lee speaking to you about dinner.")
    asked = await agent.answers("Can I reserve a table?")
    assert asked == Speech("May I ask for your number of guests?")
    assert await agent.answers("Four.") == Speech("May I ask for your date?")
    call = await agent.answers("Next Friday.")
    assert call.arguments == {"people": 4, "date": "next friday", "name": "Ann Lee"}


async def test_nothing_is_asked_more_than_twice():
    agent = await mind(BOOK, prompt="You are the voice of Verde. Coffee costs 3 euros.")
    asked = [await agent.answers(text) for text in ("Can I reserve a table?", "Hm.", "How much is coffee?")]
    assert [isinstance(one, Speech) and one.text for one in asked] == [
        "May I ask for your number of guests?",
        "May I ask for your number of guests?",
        "Coffee costs 3 euros.",
    ]


async def test_facts_of_the_prompt_need_no_tool_and_rules_about_tools_are_not_spoken():
    agent = await mind(LOOK_UP)
    assert await agent.answers("When do you open?") == Speech("We open at 9 am.")
    said = [await agent.answers("What else can you tell me?") for _ in range(6)]
    assert not any("lookup_order" in speech.text for speech in said)


async def test_the_result_is_said_known_from_then_on_and_not_fetched_again():
    agent = await mind(LOOK_UP)
    call = await agent.answers("Where is my parcel, order 4711?")
    said = await agent.learns(call, ToolResult('{"status": "on its way", "arrival": "Friday"}'))
    assert said == Speech("Status: on its way. Arrival: Friday.")
    again = await agent.answers("Where is my parcel, and when is its arrival?")
    assert isinstance(again, Speech)
    assert "Arrival: Friday." in again.text


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (ToolResult(""), AGENT["en"].done),
        (ToolResult("boom", is_error=True), AGENT["en"].failed),
        (ToolResult("It left today"), "It left today."),
    ],
)
async def test_every_outcome_has_words(result, said):
    agent = await mind(LOOK_UP)
    call = await agent.answers("Where is my parcel, order 4711?")
    assert await agent.learns(call, result) == Speech(said)


async def test_a_result_may_be_taken_in_silence():
    agent = await mind(LOOK_UP)
    call = await agent.answers("Where is my parcel, order 4711?")
    assert await agent.learns(call, ToolResult("It left today.", listens=True)) is None


async def test_tools_for_the_start_and_the_end_come_before_the_answer():
    tools = (Tool("get_caller", "Says who is calling."), Tool("log_call", "Keeps a record."))
    prompt = "Coffee costs 3 euros. At the start of the call use get_caller. Use log_call before you hang up."
    agent = await mind(*tools, prompt=prompt)
    first = await agent.answers("How much is coffee?")
    assert first.name == "get_caller"
    assert await agent.learns(first, ToolResult('{"tier": "gold"}')) == Speech("Coffee costs 3 euros.")
    last = await agent.answers("Thank you, goodbye!")
    assert last.name == "log_call"
    assert (await agent.learns(last, ToolResult("kept"))).hangs_up


async def test_it_asks_in_its_own_language():
    agent = await mind(
        LOOK_UP, prompt="Du bist die Stimme von Verde. Für die Lieferung nutze lookup_order.", language="de"
    )
    assert (await agent.answers("Wo ist meine Lieferung?")).text.startswith("Können Sie mir")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"message": "Booked for four."}', "Booked for four."),
        ('{"result": {"table_number": 7, "outside": true}}', "Table number: 7. Outside: yes."),
        ('{"slots": ["7 pm", "8 pm"], "note": null}', "Slots: 7 pm, 8 pm."),
        ('["red", "blue"]', "red, blue."),
        ("plain  words", "plain words."),
        ("", ""),
    ],
)
def test_json_is_told_in_words(text, words):
    assert told(text) == words


def test_a_long_answer_is_cut():
    assert len(told("word " * 500)) <= 401


async def test_words_that_were_misheard_still_find_their_sentence():
    agent = AgentMind(Persona("Breakfast is served from 7. The swimming pool is heated.", "Hello."))
    assert (await agent.answers("When is breakfest?")).text == "Breakfast is served from 7."
    assert (await agent.answers("Tell me of the swiming pol")).text == "The swimming pool is heated."
