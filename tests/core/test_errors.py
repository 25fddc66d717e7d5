from switchboard.core.errors import NotFound, SwitchboardError


class GuestUnknown(NotFound):
    """The guest is unknown.

    More for programmers.
    """


def test_the_title_is_the_first_line_of_the_docstring():
    assert GuestUnknown.title() == "The guest is unknown"


def test_extras_travel_with_the_error():
    error = SwitchboardError("It failed.", call_id="call_1")
    assert (str(error), error.detail, error.extras) == ("It failed.", "It failed.", {"call_id": "call_1"})
