"""A process that passes on and sends until it is killed: `python sender.py URL HOME`."""

import sys
import threading
from pathlib import Path

from chengdan.base.config import Config
from chengdan.run.outgoing import courier
from chengdan.run.runtime import Runtime

if __name__ == "__main__":
    config = Config(home=Path(sys.argv[2]), outgoing_allow="127.0.0.1")
    with Runtime.over(sys.argv[1], config) as runtime:
        courier.run(runtime, threading.Event())
