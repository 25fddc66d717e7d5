import pytest


async def test_voices_come_in_pages_of_ten_with_labels(customer):
    """Checklist 11.7 and 11.10: some voices are about to be withdrawn, one has no sample."""
    page = await customer.get("/v2/voices")
    assert len(page["voices"]) == 10
    assert page["has_more"] is True
    rest = await customer.get(f"/v2/voices?next_page_token={page['next_page_token']}")
    voices = page["voices"] + rest["voices"]
    assert (rest["has_more"], rest["next_page_token"]) == (False, None)
    assert len(voices) == page["total_count"] == len({voice["voice_id"] for voice in voices}) >= 12
    assert all({"gender", "age", "accent", "language", "use_case"} <= set(voice["labels"]) for voice in voices)
    assert {"en", "es", "de", "fr", "pt", "it", "ja"} <= {voice["labels"]["language"] for voice in voices}
    assert any("2026-12-31" in voice["description"] for voice in voices if voice["category"] == "premade")
    assert [voice["name"] for voice in voices if voice["preview_url"] is None] == ["My own voice"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("search=castilian", ["Nuria"]),
        ("category=professional", ["Bruce"]),
        ("voice_type=personal", ["Poppy", "Lorenzo", "My own voice"]),
        ("language=es&gender=male", ["Joaquín"]),
        ("sort=name&sort_direction=asc&language=es", ["Joaquín", "Nuria"]),
        ("search=nobody", []),
    ],
)
async def test_voices_are_searched(customer, query, names):
    assert [voice["name"] for voice in (await customer.get(f"/v2/voices?{query}"))["voices"]] == names


@pytest.mark.parametrize("query", ["page_size=0", "page_size=101", "category=celebrity", "sort=age"])
async def test_a_bad_search_is_422(customer, query):
    assert (await customer.http.get(f"/v2/voices?{query}")).status_code == 422


async def test_the_older_list_holds_all_voices(customer):
    assert len((await customer.get("/v1/voices"))["voices"]) >= 12


async def test_a_preview_is_heard_without_a_key(customer):
    voice = (await customer.get("/v2/voices"))["voices"][0]
    assert (await customer.get(f"/v1/voices/{voice['voice_id']}"))["name"] == voice["name"]
    del customer.http.headers["xi-api-key"]
    sound = await customer.http.get(voice["preview_url"])
    assert sound.headers["content-type"] == "audio/mpeg"
    assert sound.content[:2] == b"\xff\xfb"


async def test_an_unknown_voice_is_404(customer):
    answer = await customer.http.get("/v1/voices/nobody")
    assert answer.status_code == 404
    assert answer.json()["detail"]["code"] == "voice_not_found"


async def test_speaking_a_text_costs_its_characters(customer):
    voices = (await customer.get("/v1/voices"))["voices"]
    path = f"/v1/text-to-speech/{voices[0]['voice_id']}"
    sound = await customer.http.post(path, json={"text": "Good morning."})
    assert (sound.status_code, sound.headers["character-cost"]) == (200, "13")
    assert (await customer.get("/v1/user/subscription"))["character_count"] == 13
    assert (await customer.http.post(path, json={"text": " "})).json()["detail"]["code"] == "empty_text"
    assert (await customer.http.post(path, json={})).status_code == 422
    # Checklist 11.10: voices of the library cost a plan.
    library = next(voice["voice_id"] for voice in voices if voice["category"] == "professional")
    free = {"xi-api-key": "free-plan"}
    answer = await customer.http.post(f"/v1/text-to-speech/{library}", json={"text": "x"}, headers=free)
    assert answer.status_code == 402


async def test_models_are_a_bare_list(customer):
    """Checklist 11.7."""
    models = await customer.get("/v1/models")
    assert "eleven_flash_v2_5" in [model["model_id"] for model in models]
    assert "gemini-2.5-flash" in [llm["llm"] for llm in (await customer.get("/v1/convai/llm/list"))["llms"]]
