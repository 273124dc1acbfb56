"""Build hook: a wheel carries the built page, so that whoever installs it needs no Node."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds `ui/` into the package before a wheel is packed; an editable install is left as it is."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or (root / "src/chengdan/static/index.html").is_file():
            return
        npm = [sys.executable, str(root / "tools/npm.py")]
        subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], check=True, cwd=root)
        subprocess.run([*npm, "run", "--silent", "build"], check=True, cwd=root)
