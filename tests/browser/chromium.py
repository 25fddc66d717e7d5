"""Finds Chromium for the browser tests; run as a program, gets it where it can.

`make test` runs it. Debian's package is preferred: it needs no download from elsewhere.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and none was found. Install it (Debian: apt-get install chromium; "
    "others: .venv/bin/playwright install chromium), or say where one is with CHROMIUM=/path/to/chromium."
)


def found() -> str | None:
    """The program's path; an empty text for the one that Playwright keeps itself; None where there is none."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if Path(chosen).exists() else None
    for name in _NAMES:
        path = shutil.which(name)
        if path:
            return path
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return "" if any(kept.glob("chromium-*")) else None


def _get() -> None:
    tries = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        tries.insert(0, ["sh", "-c", "apt-get update -q && apt-get install -qy --no-install-recommends chromium"])
    for command in tries:
        sys.stderr.write(f"Getting Chromium for the browser tests: {' '.join(command)}\n")
        subprocess.run(command, check=False)
        if found() is not None:
            return


if __name__ == "__main__":
    if found() is None and not os.environ.get("CHROMIUM"):
        _get()
    if found() is None:
        sys.exit(MISSING)
