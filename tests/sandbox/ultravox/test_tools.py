import pytest

from switchboard.sandbox.ultravox import tools
from switchboard.sandbox.ultravox.errors import UltravoxError

TEMPORARY = {"modelToolName": "find", "http": {"baseUrlPattern": "https://api.example.com/x", "httpMethod": "GET"}}


@pytest.mark.parametrize(
    "selected",
    [
        None,
        [],
        [{"toolName": "hangUp"}, {"toolName": "hangUp", "nameOverride": "other"}],
        [{"temporaryTool": TEMPORARY}, {"toolId": "t1"}],
        [{"temporaryTool": {"modelToolName": "a", "client": {}}}],
    ],
)
def test_good_tools_pass(selected):
    tools.check(selected)


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ({}, "list"),
        (["hangUp"], "list"),
        ([{}], "exactly one"),
        ([{"toolName": "hangUp", "toolId": "t1"}], "exactly one"),
        ([{"toolName": "noSuchTool"}], "not found"),
        ([{"toolName": "hangUp"}, {"toolName": "hangUp"}], "unique"),
        ([{"toolName": "hangUp", "nameOverride": "hang up"}], "match"),
        ([{"temporaryTool": {}}, {"toolName": "hangUp"}], "exactly one"),
        ([{"temporaryTool": {"description": "x"}}], "modelToolName"),
        ([{"temporaryTool": TEMPORARY | {"http": {"baseUrlPattern": "http://x.com"}}}], "HTTPS"),
        ([{"temporaryTool": TEMPORARY | {"http": {"baseUrlPattern": "https://x.com?a=1"}}}], "HTTPS"),
        ([{"temporaryTool": TEMPORARY | {"dynamicParameters": [{"name": "a", "location": "query"}]}}], "location"),
    ],
)
def test_what_the_vendor_refuses_is_refused(selected, said):
    with pytest.raises(UltravoxError, match=said):
        tools.check(selected)
