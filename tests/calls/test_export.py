import csv
import io
from datetime import datetime

import pytest
from sqlalchemy import update

from switchboard.calls.export import COLUMNS, harmless
from switchboard.calls.model import Call

CSV = "/api/v1/calls.csv"


async def exported(switchboard, **params):
    answer = await switchboard.api.get(CSV, params=params)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_table_has_a_line_for_every_call_that_the_list_would_show(switchboard):
    agent = await switchboard.agent(name="Front desk")
    done = await switchboard.place(agent=agent)
    await switchboard.place("+14155550101", agent)
    await switchboard.work()
    rows = await exported(switchboard)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2
    (only,) = await exported(switchboard, status="completed")
    assert (only["id"], only["agent"], only["to"]) == (done, "Front desk", "+14155550100")
    assert float(only["cost"]) > 0
    assert only["cost_final"] == "yes"


async def test_times_are_those_of_the_asked_zone(switchboard):
    call_id = await switchboard.place()
    async with switchboard.parts.database.transaction() as session:
        moment = "2026-07-01T22:30:00Z"
        await session.execute(
            update(Call).where(Call.id == call_id).values(created_at=datetime.fromisoformat(moment))
        )
    (row,) = await exported(switchboard, zone="Europe/Madrid")
    assert row["created_at"] == "2026-07-02 00:30:00"


async def test_nothing_in_the_table_is_a_formula(switchboard):
    await switchboard.place(agent=await switchboard.agent(name="=HYPERLINK(1)"))
    (row,) = await exported(switchboard)
    assert row["agent"] == "'=HYPERLINK(1)"


async def test_commas_quotes_and_lines_stay_within_their_cell(switchboard):
    call_id = await switchboard.place()
    said = 'He said "no",\nthen left.'
    async with switchboard.parts.database.transaction() as session:
        await session.execute(update(Call).where(Call.id == call_id).values(summary=said))
    (row,) = await exported(switchboard)
    assert row["summary"] == said


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\r=1", "\n=1", "\uff1d1", "\uff0b1"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text):
    assert harmless(text) == "'" + text


def test_other_text_stays_as_it_is():
    assert harmless("Casa Verde = home") == "Casa Verde = home"


async def test_an_unknown_zone_is_refused(switchboard):
    answer = await switchboard.api.get(CSV, params={"zone": "Nowhere"})
    assert answer.status_code == 422
