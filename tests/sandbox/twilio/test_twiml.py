"""Documents on an answered call: where they come from, which verbs act, what is only noted.

Checklist 11.4 (how an address is asked) and 11.5 (the interpreter).
"""

import socket

import pytest
from twilio.request_validator import RequestValidator

from switchboard.sandbox.line import StreamEnd
from switchboard.sandbox.phones.directory import household
from switchboard.sandbox.twilio.calls import MachineDetection
from switchboard.sandbox.twilio.machine_detection import Verdict, verdict

TOKEN = "a-token"


def say(text: str) -> str:
    return f"<Response><Say>{text}</Say></Response>"


async def heard(sandbox, **order):
    """Run a call to its end and tell what was said and noted."""
    sid = await sandbox.place(**order)
    await sandbox.status_is(sid, "completed")
    told = await sandbox.told(sid)
    return [said["text"] for said in told["transcript"]], told["notes"]


async def test_the_address_is_asked_on_answer_with_a_signed_form(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "text/xml; charset=utf-8", say("Hello there"))]
    said, _ = await heard(sandbox, Url=f"{receiver.url}/twiml?a=1")
    (one,) = receiver.at("/twiml")
    assert said == ["Hello there"]
    assert (one.form["CallStatus"], one.form["Direction"]) == ("in-progress", "outbound-api")
    assert RequestValidator(TOKEN).validate(one.url, one.form, one.headers["x-twilio-signature"])


async def test_verbs_run_in_order_and_a_redirect_leaves_the_rest(sandbox, receiver):
    receiver.answers["/a/first"] = [
        (
            200,
            "application/xml",
            "<Response><Say>one</Say><Pause/><Redirect>second</Redirect><Say>never</Say></Response>",
        )
    ]
    receiver.answers["/a/second"] = [
        (200, "text/xml", "<Response><Play>x.mp3</Play><Say>two</Say><Hangup/><Say>never</Say></Response>")
    ]
    said, notes = await heard(sandbox, Url=f"{receiver.url}/a/first")
    assert said == ["one", "two"]
    assert notes == [f"only WAV files of 16 bit PCM can be heard, not {receiver.url}/a/x.mp3"]


async def test_a_redirected_answer_is_followed_as_get_without_fields(sandbox, receiver):
    receiver.answers["/twiml"] = [(302, "location:/moved", "")]
    receiver.answers["/moved"] = [(200, "text/xml", say("moved"))]
    said, _ = await heard(sandbox, Url=f"{receiver.url}/twiml")
    (one,) = receiver.at("/moved")
    assert (said, one.method, one.target, one.body) == (["moved"], "GET", "/moved", b"")


async def test_the_fallback_address_is_told_what_went_wrong(sandbox, receiver):
    receiver.answers["/twiml"] = [(500, "text/xml", "")]
    receiver.answers["/fallback"] = [(200, "text/xml", say("sorry"))]
    said, notes = await heard(sandbox, Url=f"{receiver.url}/twiml", FallbackUrl=f"{receiver.url}/fallback")
    (one,) = receiver.at("/fallback")
    assert said == ["sorry"]
    assert (one.form["ErrorCode"], one.form["ErrorUrl"]) == ("11200", f"{receiver.url}/twiml")
    assert notes == [f"11200: no TwiML from {receiver.url}/twiml"]


async def test_an_address_says_by_its_fragment_how_often_it_is_asked(sandbox, receiver):
    """Checklist 11.4. The fragment is neither sent nor signed."""
    receiver.answers["/twiml"] = [(500, "text/xml", ""), (503, "text/xml", ""), (200, "text/xml", say("at last"))]
    said, notes = await heard(sandbox, Url=f"{receiver.url}/twiml#rc=3&rp=5xx")
    assert (said, notes) == (["at last"], [])
    asked = receiver.at("/twiml")
    assert len(asked) == 3
    for one in asked:
        assert RequestValidator(TOKEN).validate(one.url, one.form, one.headers["x-twilio-signature"])


async def test_documents_that_are_no_twiml_end_the_call_with_a_note(sandbox, receiver):
    receiver.answers["/json"] = [(200, "application/json", "{}")]
    receiver.answers["/large"] = [(200, "text/xml", "<Response>" + " " * 70_000 + "</Response>")]
    receiver.answers["/broken"] = [(200, "text/xml", "<Response>")]
    codes = [
        (await heard(sandbox, Url=f"{receiver.url}/{name}"))[1][0][:5] for name in ("json", "large", "broken")
    ]
    unreachable = (await heard(sandbox, Url="http://127.0.0.1:9/"))[1][0][:5]
    other = (await heard(sandbox, Twiml="<Answer/>"))[1][0][:5]
    assert [*codes, unreachable, other] == ["12300", "11750", "12100", "11205", "12100"]


async def test_the_next_verb_runs_when_the_platform_closes_the_stream(sandbox):
    _, twiml = sandbox.stream(StreamEnd.PLATFORM_CLOSED)
    said, _ = await heard(sandbox, Twiml=twiml.replace("</Response>", "<Say>after</Say></Response>"))
    assert said[-1] == "after"


async def test_a_stream_to_nobody_is_an_error_and_the_next_verb_runs(sandbox, receiver):
    receiver.answers["/next"] = [(200, "text/xml", "<Response/>")]
    _, notes = await heard(
        sandbox,
        Twiml='<Response><Connect><Stream url="ws://127.0.0.1:9/nobody" '
        f'statusCallback="{receiver.url}/stream"/></Connect><Redirect>{receiver.url}/next</Redirect></Response>',
    )
    assert notes == ["31902: 127.0.0.1:9 refuses connections"]
    assert receiver.at("/next")
    (one,) = await receiver.until(1, "/stream")
    assert (one.form["StreamEvent"], one.form["StreamError"]) == ("stream-error", "31902")


async def test_a_stream_tells_its_start_and_its_end(sandbox, receiver):
    _, twiml = sandbox.stream()
    await heard(sandbox, Twiml=twiml.replace('?lost=1"', f'" statusCallback="{receiver.url}/stream"'))
    events = {one.form["StreamEvent"] for one in await receiver.until(2, "/stream")}
    assert events == {"stream-started", "stream-stopped"}


async def test_a_connect_action_takes_over_after_the_stream(sandbox, receiver):
    receiver.answers["/action"] = [(200, "text/xml", say("acted"))]
    _, twiml = sandbox.stream()
    twiml = twiml.replace("<Connect>", f'<Connect action="{receiver.url}/action">')
    said, _ = await heard(sandbox, Twiml=twiml.replace("</Response>", "<Say>never</Say></Response>"))
    assert said[-1] == "acted"


async def test_verbs_that_are_not_imitated_leave_a_note_and_let_the_call_go_on(sandbox):
    said, notes = await heard(
        sandbox,
        Byoc="BY1",
        Twiml="<Response><Enqueue/><Strange/><Connect><Room/></Connect><Start><Siprec/></Start><Say>on</Say>"
        "</Response>",
    )
    assert said == ["on"]
    assert notes == [
        "Byoc is not imitated",
        "<Enqueue> is not imitated",
        "12200: <Strange> is no TwiML verb",
        "<Connect> with ['Room'] is not imitated",
        "<Start><Siprec> is not imitated",
    ]


async def test_endless_redirects_are_cut_off(sandbox, receiver):
    receiver.answers["/loop"] = [(200, "text/xml", "<Response><Redirect>/loop</Redirect></Response>")]
    _, notes = await heard(sandbox, Url=f"{receiver.url}/loop")
    assert notes == ["too many documents in one call"]


async def test_a_stream_that_breaks_ends_the_call_with_a_note(sandbox, caplog):
    class Broken:
        async def talk(self, leg):
            raise RuntimeError("broken on purpose")

    _, twiml = sandbox.stream()
    sandbox.world.exchange.register("/stream/abc", Broken())
    _, notes = await heard(sandbox, Twiml=twiml)
    assert "broken on purpose" in notes[0]
    assert "broke" in caplog.text


async def test_machine_detection_tells_machines_from_humans_before_the_document_runs(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "text/xml", say("hello"))]
    ends = {}
    for to, mode in (("0104", "Enable"), ("0104", "DetectMessageEnd"), ("0100", "Enable")):
        sid = await sandbox.place(
            To=f"+1415555{to}",
            Url=f"{receiver.url}/twiml",
            MachineDetection=mode,
            StatusCallback=f"{receiver.url}/status",
        )
        ends[to, mode] = (await sandbox.status_is(sid, "completed"))["answered_by"]
    assert list(ends.values()) == ["machine_start", "machine_end_beep", "human"]
    assert {one.form["AnsweredBy"] for one in receiver.at("/twiml")} == set(ends.values())
    assert {one.form["AnsweredBy"] for one in await receiver.until(3)} == set(ends.values())


async def test_asynchronous_machine_detection_tells_while_the_call_runs(sandbox, receiver):
    await sandbox.http.put("/_sandbox/clock", json={"speed": 10})  # the machine hangs up after 120 s
    sid = await sandbox.place(
        To="+14155550104",
        Twiml='<Response><Pause length="600"/></Response>',
        MachineDetection="DetectMessageEnd",
        AsyncAmd="true",
        AsyncAmdStatusCallback=f"{receiver.url}/amd",
    )
    (one,) = await receiver.until(1, "/amd")
    assert (one.form["AnsweredBy"], one.form["MachineDetectionDuration"]) == ("machine_end_beep", "9000")
    assert (await sandbox.fetch(sid))["status"] == "in-progress"


@pytest.mark.parametrize(
    ("wanted", "to", "found"),
    [
        (MachineDetection(waits=False), "+14155550100", Verdict(3.0, "human")),
        (MachineDetection(waits=False), "+14155550104", Verdict(4.0, "machine_start")),
        (MachineDetection(waits=True), "+14155550104", Verdict(9.0, "machine_end_beep")),
        (MachineDetection(waits=True, timeout=5), "+14155550104", Verdict(5.0, "unknown")),
        (MachineDetection(waits=False, silence=2.5), "+14155550106", Verdict(2.5, "unknown")),
    ],
)
def test_what_is_found_out_depends_on_who_picks_up_and_how_long_is_waited(wanted, to, found):
    assert verdict(wanted, household(to, seed=1)) == found


async def test_asynchronous_detection_that_can_tell_nobody_is_noted(sandbox):
    sid = await sandbox.place(MachineDetection="Enable", AsyncAmd="true")
    assert [note[:5] for note in (await sandbox.told(sid))["notes"]] == ["21262"]


@pytest.mark.parametrize(
    ("kind", "text", "heard_text"),
    [
        ("text/html", say("as a page"), "as a page"),
        ("text/plain", "one < two & three", "one < two & three"),
        ("text/xml; charset=nobodys", say("in a strange encoding"), "in a strange encoding"),
    ],
)
async def test_a_page_is_twiml_and_plain_text_is_said(sandbox, receiver, kind, text, heard_text):
    receiver.answers["/twiml"] = [(200, kind, text)]
    said, notes = await heard(sandbox, Url=f"{receiver.url}/twiml?a=1&b=2")
    assert (said, notes) == ([heard_text], [])


async def test_sound_is_played_instead_of_a_document(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "audio/mpeg", "no wave")]
    _, notes = await heard(sandbox, Url=f"{receiver.url}/twiml?a=1&b=2")
    assert notes == [f"only WAV files of 16 bit PCM can be heard, not {receiver.url}/twiml?a=1&b=2"]


async def test_a_callers_cookies_come_back_for_the_rest_of_the_call_only(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "text/xml", "<Response><Redirect>/next</Redirect></Response>")]
    receiver.answers["/next"] = [(200, "text/xml", "<Response/>")]
    receiver.cookie = "session=ann"
    for _ in range(2):
        await heard(sandbox, Url=f"{receiver.url}/twiml")
    assert [one.headers.get("cookie") for one in receiver.at("/twiml")] == [None, None]
    assert [one.headers.get("cookie") for one in receiver.at("/next")] == ["session=ann"] * 2


async def test_the_fallback_address_serves_later_documents_too(sandbox, receiver):
    receiver.answers["/twiml"] = [(200, "text/xml", "<Response><Redirect>/gone</Redirect></Response>")]
    receiver.answers["/gone"] = [(404, "text/xml", "")]
    receiver.answers["/fallback"] = [(200, "text/xml", say("sorry"))]
    said, _ = await heard(sandbox, Url=f"{receiver.url}/twiml", FallbackUrl=f"{receiver.url}/fallback")
    assert (said, receiver.at("/fallback")[0].form["ErrorUrl"]) == (["sorry"], f"{receiver.url}/gone")


async def test_no_tls_and_no_such_host_have_codes_of_their_own(sandbox, receiver, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "unknown on purpose")

    plain = (await heard(sandbox, Url=receiver.url.replace("http:", "https:")))[1][0]
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    nameless = (await heard(sandbox, Url="http://nowhere.example/"))[1][0]
    assert (plain[:5], nameless[:5]) == ("11220", "11210")


async def test_asking_for_a_document_is_in_the_log_of_what_was_sent(sandbox, receiver):
    receiver.answers["/twiml"] = [(503, "text/xml", ""), (200, "text/xml", "<Response/>")]
    await heard(sandbox, Url=f"{receiver.url}/twiml#rc=1&rp=5xx")
    (told,) = await sandbox.control("callbacks")
    assert (told["url"], told["attempts"], told["done"]) == (f"{receiver.url}/twiml", [503, 200], True)
