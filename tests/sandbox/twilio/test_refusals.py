"""What the carrier refuses, with its own codes and body. Checklist 11.1 and 11.2."""

import pytest

SID = "AC" + "1" * 32


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"To": "hello"}, 21211),
        ({"To": "4155550100"}, 21211),
        ({"To": "+15005550006"}, 21211),
        ({"To": "+15005550001"}, 21217),
        ({"To": "+15005550002"}, 21214),
        ({"To": "+15005550003"}, 21215),
        ({"To": "+15005550004"}, 21216),
        ({"To": "+14155550103"}, 21217),
        ({"To": "+11155550100"}, 21217),
        ({"To": "sip:" + "a" * 252}, 21217),
        ({"To": "client:"}, 21217),
        ({"SendDigits": "12x"}, 20001),
        ({"Record": "true", "RecordingTrack": "left"}, 20001),
        ({"From": "hello"}, 21212),
        ({"From": "+15005550001"}, 21212),
        ({"From": "+14155550100"}, 21210),
        ({"Twiml": ""}, 21205),
        ({"Url": "ftp://example.com/"}, 21205),
        ({"Twiml": "", "ApplicationSid": "AP" + "0" * 32}, 21218),
        ({"Twiml": "x" * 4001}, 32018),
        ({"StatusCallback": "https://under_score.example.com/"}, 20001),
        ({"StatusCallback": "https://[broken/"}, 20001),
        ({"Timeout": "601"}, 20001),
        ({"Timeout": "soon"}, 20001),
        ({"Timeout": "0"}, 20001),
        ({"MachineDetection": "Yes"}, 21234),
        ({"MachineDetection": "Enable", "MachineDetectionTimeout": "60"}, 21234),
        ({"MachineDetection": "Enable", "MachineDetectionSpeechThreshold": "999"}, 21234),
        ({"MachineDetection": "Enable", "MachineDetectionSilenceTimeout": "soon"}, 21234),
        ({"To": "sip:desk@example.com", "SipAuthUsername": "ann"}, 21225),
        ({"TimeLimit": "9" * 5000}, 20001),
        ({"Url": "https://example.com/", "Method": "PUT"}, 20001),
    ],
)
async def test_a_wrong_order_is_refused_with_its_code_and_makes_no_call(sandbox, fields, code):
    answer = await sandbox.dial(**fields)
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (400, code, 400)
    assert set(body) == {"code", "message", "more_info", "status"}
    assert await sandbox.control("calls") == []


async def test_numbers_may_be_written_with_spaces_and_dashes(sandbox):
    answer = await sandbox.dial(To="+1 (415) 555-0100")
    assert answer.json()["to"] == "+14155550100"


async def test_twiml_of_exactly_4000_characters_is_taken(sandbox):
    assert (await sandbox.dial(Twiml="<Response></Response>".ljust(4000))).status_code == 201


async def test_with_url_and_twiml_the_twiml_is_ignored(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "text/xml", "<Response><Say>from the address</Say></Response>")]
    sid = await sandbox.place(Url=f"{receiver.url}/twiml", Twiml="<Response><Say>inline</Say></Response>")
    await sandbox.status_is(sid, "completed")
    assert [said["text"] for said in (await sandbox.told(sid))["transcript"]] == ["from the address"]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        (SID, "an-invalid-token"),
        (SID, ""),
        ("ACinvalid", "token"),
        ("AC123", "token"),
        ("SK" + "1" * 32, "token"),
    ],
)
async def test_credentials_that_are_malformed_or_say_invalid_are_refused(sandbox, basic, user, password):
    answer = await sandbox.http.get(sandbox.calls_path, headers=basic(user, password))
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert "basic" in answer.headers["www-authenticate"].lower()


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic ???", "Basic /w=="])
async def test_without_readable_basic_credentials_nothing_is_told(sandbox, header):
    answer = await sandbox.http.get(sandbox.calls_path, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_a_foreign_accounts_path_and_unknown_calls_are_not_found(sandbox):
    foreign = await sandbox.http.get(sandbox.calls_path, auth=("AC" + "2" * 32, "t"))
    unknown = await sandbox.http.get(sandbox.call_path("CA" + "0" * 32), auth=(SID, "t"))
    assert [(answer.status_code, answer.json()["code"]) for answer in (foreign, unknown)] == [(404, 20404)] * 2


async def test_the_same_sid_with_another_token_is_another_account(sandbox):
    sid = await sandbox.place()
    other = await sandbox.http.get(sandbox.call_path(sid), auth=(SID, "another-token"))
    assert other.status_code == 404


async def test_unknown_paths_and_methods_are_refused_in_twilios_shape(sandbox):
    unknown = await sandbox.http.get("/2010-04-01/Accounts/x/Nothing.json")
    method = await sandbox.http.put(sandbox.calls_path, auth=(SID, "t"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, 20404)
    assert (method.status_code, method.json()["code"]) == (405, 20004)


async def test_a_json_body_is_no_form_and_names_no_number(sandbox):
    answer = await sandbox.http.post(sandbox.calls_path, json={"To": "+14155550100"}, auth=(SID, "t"))
    assert answer.json()["code"] == 21201
