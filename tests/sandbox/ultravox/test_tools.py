import pytest

from switchboard.sandbox.ultravox import template
from switchboard.sandbox.ultravox.built_in_tools import BUILT_IN
from switchboard.sandbox.ultravox.errors import UltravoxError

TEMPORARY = {"modelToolName": "find", "http": {"baseUrlPattern": "https://api.example.com/x", "httpMethod": "GET"}}
BODY = "PARAMETER_LOCATION_BODY"


@pytest.mark.parametrize(
    "selected",
    [
        None,
        [],
        [{"toolName": "hangUp"}, {"toolName": "hangUp", "nameOverride": "other"}],
        [{"temporaryTool": TEMPORARY}, {"toolId": next(iter(BUILT_IN))}],
        [{"temporaryTool": TEMPORARY | {"http": {"baseUrlPattern": "http://127.0.0.1:9/x", "httpMethod": "GET"}}}],
        [{"temporaryTool": {"modelToolName": "a", "client": {}}}],
        [{"temporaryTool": {"modelToolName": "a", "http": None, "client": {}, "dynamicParameters": None}}],
    ],
)
def test_good_tools_pass(selected):
    template.read({"selectedTools": selected}, BUILT_IN)


@pytest.mark.parametrize(
    ("selected", "said"),
    [
        ({}, "list"),
        (["hangUp"], "object"),
        ([{}], "exactly one"),
        ([{"toolName": "hangUp", "toolId": "t1"}], "exactly one"),
        ([{"toolName": "noSuchTool"}], "not found"),
        ([{"toolName": "hangUp"}, {"toolName": "hangUp"}], "unique"),
        ([{"toolName": "hangUp", "nameOverride": "hang up"}], "match"),
        ([{"toolId": "t1"}], "not found"),
        ([{"toolName": "hangUp", "speed": 1}], "no field"),
        ([{"temporaryTool": {}}, {"toolName": "hangUp"}], "modelToolName"),
        ([{"temporaryTool": {"description": "x"}}], "modelToolName"),
        ([{"temporaryTool": TEMPORARY | {"http": {"baseUrlPattern": "http://x.com"}}}], "HTTPS"),
        ([{"temporaryTool": TEMPORARY | {"http": {"baseUrlPattern": "https://x.com?a=1"}}}], "HTTPS"),
        ([{"temporaryTool": TEMPORARY | {"dynamicParameters": [{"name": "a", "location": "query"}]}}], "location"),
        ([{"temporaryTool": TEMPORARY | {"timeout": "41s"}}], "at most 40s"),
        ([{"temporaryTool": TEMPORARY | {"client": {}}}], "exactly one"),
        ([{"temporaryTool": TEMPORARY | {"http": None}}], "exactly one"),
        ([{"temporaryTool": TEMPORARY | {"retries": 3}}], "no field"),
        ([{"temporaryTool": TEMPORARY | {"dynamicParameters": 5}}], "list"),
        ([{"temporaryTool": TEMPORARY | {"requirements": []}}], "object"),
        (
            [{"temporaryTool": TEMPORARY | {"automaticParameters": [{"name": "a", "location": BODY}]}}],
            "knownValue",
        ),
    ],
)
def test_what_the_vendor_refuses_is_refused(selected, said):
    with pytest.raises(UltravoxError, match=said):
        template.read({"selectedTools": selected}, BUILT_IN)
