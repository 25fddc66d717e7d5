import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from switchboard.persistence.embedded import EmbeddedPostgres, EmbeddedPostgresFailed


@pytest.fixture
def folder():
    folder = Path(tempfile.mkdtemp(prefix="sbe"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_server(folder):
    """Makes servers over one data folder; whoever started one must also stop it, to reap its process."""
    made = []

    def make(path=folder / "pg"):
        made.append(EmbeddedPostgres(path))
        return made[-1]

    yield make
    for server in reversed(made):
        server.stop()


def query(server, sql):
    with psycopg.connect(server.url()) as connection:
        return connection.execute(sql).fetchone()[0]


def test_what_was_written_is_there_after_a_restart(folder, new_server):
    server = new_server()
    server.start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 AS number")
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url())
    server.start()
    assert query(server, "SELECT number FROM kept") == 41


def test_stopping_twice_and_stopping_what_never_ran_is_quiet(folder, new_server):
    server = new_server()
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_a_server_whose_owner_was_killed_is_taken_over_and_can_be_stopped(folder, new_server):
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from switchboard.persistence.embedded import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    owner = subprocess.run([sys.executable, "-c", script, folder / "pg"], check=False)
    assert owner.returncode == -signal.SIGKILL
    pid = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    heir = new_server()
    heir.start()
    assert int((folder / "pg" / "postmaster.pid").read_text().split()[0]) == pid
    assert query(heir, "SELECT 1") == 1
    heir.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_server_starts_again_on_its_data(folder, new_server):
    server = new_server()
    server.start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 AS number")
    pid = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    server._process.wait()  # noqa: SLF001 -- our own child
    successor = new_server()
    successor.start()
    assert query(successor, "SELECT number FROM kept") == 41


def test_a_long_path_is_no_hindrance(folder, new_server):
    deep = folder / ("d" * 60) / ("e" * 60)
    server = new_server(deep)
    server.start()
    assert query(server, "SELECT 1") == 1


def test_it_cannot_be_reached_over_the_network(folder, new_server):
    server = new_server()
    server.start()
    assert query(server, "SHOW listen_addresses") == ""


def test_a_spoilt_data_folder_is_told_with_the_servers_own_words(folder, new_server):
    data = folder / "pg"
    server = new_server()
    server.start()
    server.stop()
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(EmbeddedPostgresFailed, match=r"9\.6"):
        server.start()
