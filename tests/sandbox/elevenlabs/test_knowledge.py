BASE = "/v1/convai/knowledge-base"


async def _text(customer, content="The pool is open from May to September.", name="Pool"):
    answer = await customer.http.post(f"{BASE}/text", json={"text": content, "name": name})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


async def test_documents_are_kept_read_and_removed(customer):
    document_id = await _text(customer)
    shown = await customer.get(f"{BASE}/{document_id}")
    assert (shown["name"], shown["type"]) == ("Pool", "text")
    assert shown["extracted_inner_html"].startswith("The pool")
    assert (await customer.http.get(f"{BASE}/{document_id}/content")).text.startswith("The pool")
    await customer.http.patch(f"{BASE}/{document_id}", json={"name": "Bath"})
    assert [one["name"] for one in (await customer.get(BASE))["documents"]] == ["Bath"]
    assert (await customer.http.delete(f"{BASE}/{document_id}")).status_code == 200
    assert (await customer.http.get(f"{BASE}/{document_id}")).json()["detail"]["code"] == "document_not_found"


async def test_files_addresses_and_folders_are_documents_too(customer):
    file = {"file": ("menu.txt", b"Soup costs 6 euros.", "text/plain")}
    made = (await customer.http.post(f"{BASE}/file", files=file)).json()
    assert made["name"] == "menu"
    assert (await customer.get(f"{BASE}/{made['id']}"))["extracted_inner_html"] == "Soup costs 6 euros."
    folder = (await customer.http.post(f"{BASE}/folder", json={"name": "Docs"})).json()["id"]
    url = {"url": "https://casa.example", "parent_folder_id": folder}
    linked = (await customer.http.post(f"{BASE}/url", json=url)).json()["id"]
    shown = await customer.get(f"{BASE}/{linked}")
    assert (shown["url"], shown["folder_parent_id"]) == ("https://casa.example", folder)
    assert [one["type"] for one in (await customer.get(f"{BASE}?types=url"))["documents"]] == ["url"]


async def test_what_makes_no_document_is_refused(customer):
    assert (await customer.http.post(f"{BASE}/text", json={})).status_code == 422
    assert (await customer.http.post(f"{BASE}/file", data={"name": "x"})).status_code == 422
    assert (await customer.http.post(f"{BASE}/url", json={"url": "ftp://x"})).status_code == 400
    other = {"text": "x", "parent_folder_id": await _text(customer)}
    assert (await customer.http.post(f"{BASE}/text", json=other)).status_code == 400


async def test_an_agent_answers_from_its_documents(customer):
    document_id = await _text(customer, "A double room costs 140 euros in winter.")
    known = [{"type": "text", "id": document_id, "name": "Prices", "usage_mode": "auto"}]
    agent_id = await customer.agent(prompt={"prompt": "You are Rosa of Casa Verde.", "knowledge_base": known})
    twiml = await customer.registered(agent_id)
    await customer.picked_up(twiml)
    said = [turn["message"] for turn in (await customer.conversation(twiml))["transcript"]]
    assert any("140 euros" in text for text in said), said
    (shown,) = (await customer.get(BASE))["documents"]
    assert [one["id"] for one in shown["dependent_agents"]] == [agent_id]
    assert (await customer.http.delete(f"{BASE}/{document_id}")).status_code == 409
    assert (await customer.http.delete(f"{BASE}/{document_id}?force=true")).status_code == 200
