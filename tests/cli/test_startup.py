import subprocess
import sys

_LOADED = """
import sys
sys.argv = ["switchboard", "calls", "start", "--help"]
from switchboard.cli.main import main
try:
    main()
except SystemExit:
    pass
heavy = {"httpx", "fastapi", "sqlalchemy", "procrastinate", "uvicorn"}
print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_help_loads_neither_http_nor_the_server():
    ran = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True)
    assert "--follow" in ran.stdout
    assert ran.stderr.strip() == ""


def test_a_client_command_does_not_load_the_server():
    script = _LOADED.replace('"calls", "start", "--help"', '"agents", "list", "--data-dir", "/nonexistent"')
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "make run" in ran.stderr
    assert ran.stderr.splitlines()[-1] == "httpx"
