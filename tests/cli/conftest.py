from collections.abc import Callable, Iterator

import pytest
from tests.cli.stub import KEY, Stub
from typer.testing import CliRunner, Result

from switchboard.cli import client as client_module
from switchboard.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path):
    for name in ("SWITCHBOARD_URL", "SWITCHBOARD_API_KEY", "SWITCHBOARD_DATA_DIR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """What commands would have waited between tries; nothing waits."""
    waited: list[float] = []
    original = client_module.Client.__init__

    def patient(self, location, transport=None, sleep=waited.append):
        original(self, location, transport, sleep)

    monkeypatch.setattr(client_module.Client, "__init__", patient)
    return waited


@pytest.fixture
def run_bare() -> Run:
    """Run the command line as given."""

    def invoke(*arguments: str, **more: object) -> Result:
        return CliRunner().invoke(app, [*arguments], catch_exceptions=False, **more)

    return invoke


@pytest.fixture
def run(run_bare: Run, stub: Stub, monkeypatch) -> Run:
    """Run the command line against the stub."""
    monkeypatch.setenv("SWITCHBOARD_URL", stub.url)
    monkeypatch.setenv("SWITCHBOARD_API_KEY", KEY)
    return run_bare
