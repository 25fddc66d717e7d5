import pytest

from switchboard.core.redaction import redacted
from switchboard.providers.normalised import Analysis, Finding, Judgement


async def settled(switchboard, **fields):
    call_id = await switchboard.place(agent=await switchboard.agent(**fields))
    await switchboard.work()
    return call_id


async def read(switchboard, call_id, what, **options):
    return await switchboard.api.get(f"/api/v1/calls/{call_id}/{what}", **options)


async def test_both_legs_are_told_in_their_order(switchboard):
    call_id = await settled(switchboard)
    line, session = (await read(switchboard, call_id, "timeline")).json()
    assert (line["leg"], line["provider"]) == ("carrier", "twilio")
    assert line["states"][0]["state"] == "queued"
    assert line["states"][-1]["state"] == "completed"
    assert (session["leg"], session["provider"]) == ("platform", "ultravox")
    assert session["states"][-1]["state"] == "settled"
    for leg in (line, session):
        assert leg["id"]
        assert [state["at"] for state in leg["states"]] == sorted(state["at"] for state in leg["states"])


async def test_a_call_that_waits_has_only_begun(switchboard):
    line, session = (await read(switchboard, await switchboard.place(), "timeline")).json()
    assert [state["state"] for state in line["states"]] == ["queued"]
    assert session["states"] == []


async def test_the_vendors_own_words_are_kept_without_their_secrets(switchboard):
    call_id = await settled(switchboard)
    call = await switchboard.call(call_id)
    async with switchboard.parts.database.transaction() as session:
        row = await session.merge(call)
        row.raw = {"ultravox": {"callId": "c1", "joinUrl": "wss://x/secret", "nested": [{"apiKey": "k"}]}}
    (record,) = [one for one in (await read(switchboard, call_id, "records")).json() if one["kind"] == "latest"]
    assert record["body"] == {"callId": "c1", "joinUrl": "***", "nested": [{"apiKey": "***"}]}


def test_counts_of_tokens_are_no_secrets():
    assert redacted({"billedSideInputTokens": 4, "auth_token": "x"}) == {
        "billedSideInputTokens": 4,
        "auth_token": "***",
    }


async def test_the_analysis_of_a_platform_is_shown_with_the_call(switchboard):
    switchboard.ultravox.analysis = Analysis(
        [Judgement("polite", "success", "It thanked.")], [Finding("guests", 4, None)]
    )
    shown = await switchboard.shown(await settled(switchboard))
    assert shown["analysis"] == {
        "criteria": [{"name": "polite", "result": "success", "rationale": "It thanked."}],
        "data": [{"name": "guests", "value": 4, "rationale": None}],
    }


async def test_a_recording_is_given_in_the_parts_that_a_player_asks_for(switchboard):
    call_id = await settled(switchboard)
    whole = (await read(switchboard, call_id, "recording")).content
    for asked, expected in (("bytes=0-3", whole[:4]), ("bytes=4-", whole[4:]), ("bytes=-2", whole[-2:])):
        part = await read(switchboard, call_id, "recording", headers={"Range": asked})
        assert (part.status_code, part.content) == (206, expected)
        assert part.headers["content-range"].endswith(f"/{len(whole)}")


async def test_a_player_that_seeks_costs_the_platform_one_download(switchboard):
    call_id = await settled(switchboard)
    for asked in ("bytes=0-", "bytes=3-", "bytes=7-9"):
        assert (await read(switchboard, call_id, "recording", headers={"Range": asked})).status_code == 206
    assert switchboard.ultravox.recordings_sent == 1


async def test_a_part_beyond_the_end_is_refused(switchboard):
    call_id = await settled(switchboard)
    answer = await read(switchboard, call_id, "recording", headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range-not-satisfiable")


@pytest.mark.parametrize("asked", ["bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=-", f"bytes=0-{'9' * 5000}"])
async def test_what_is_no_range_is_answered_whole(switchboard, asked):
    call_id = await settled(switchboard)
    answer = await read(switchboard, call_id, "recording", headers={"Range": asked})
    assert answer.status_code == 200


async def test_a_recording_can_be_kept_as_a_file(switchboard):
    call_id = await settled(switchboard)
    answer = await read(switchboard, call_id, "recording", params={"download": "true"})
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{call_id}.')


@pytest.mark.parametrize("what", ["timeline", "records"])
async def test_an_unknown_call_has_no_inside(switchboard, what):
    assert (await read(switchboard, "call_unknown", what)).status_code == 404
