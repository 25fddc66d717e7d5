from switchboard.sandbox.conversation.turns import Role, Turn
from switchboard.sandbox.ultravox.transcripts import Transcripts

ONE_WORD = bytes(2 * 16_000 // 10)


def turn(text: str, heard: str) -> Turn:
    return Turn(Role.AGENT, heard, 0.0, 1.0, text, interrupted=heard != text)


def test_the_last_message_holds_what_was_heard():
    transcripts, cut = Transcripts(), turn("Good day to you", "Good")
    assert transcripts.begins(cut, aloud=True) == []
    (first,) = transcripts.sounds(ONE_WORD)
    (last,) = transcripts.ends(cut)
    assert (first["text"], first["final"], last["text"], last["final"]) == ("Good", False, "Good", True)


def test_a_turn_that_was_cut_before_its_first_word_is_not_told():
    transcripts, unheard, next_turn = Transcripts(), turn("Good day", ""), turn("Yes.", "Yes.")
    transcripts.begins(unheard, aloud=True)
    assert transcripts.ends(unheard) == []
    transcripts.begins(next_turn, aloud=True)
    assert [one["text"] for one in transcripts.ends(next_turn)] == ["Yes.", "Yes."]
