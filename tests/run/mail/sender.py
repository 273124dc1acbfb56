"""Sends what is due, over the database, the home and the settings given; to be killed at any moment."""

import sys
from datetime import timedelta
from pathlib import Path

from chengdan.base.config import Config
from chengdan.run.mail.outgoing import send_due
from chengdan.run.runtime import Runtime

if __name__ == "__main__":
    url, home, hosts = sys.argv[1:]
    config = Config(home=Path(home), mail_hosts=hosts, public_url="https://crm.chengdan.example")
    with Runtime.over(url, config) as runtime:
        while not send_due(runtime, timedelta(seconds=1)):
            pass
