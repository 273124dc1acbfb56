"""A module that is loaded with its first use."""

import subprocess
import sys

import pytest

from chengdan.base.late import Late

LARGE = {"aiohttp", "alembic", "pyhanko"}
LOADED = "print(*{name.partition('.')[0] for name in sys.modules})"


def test_a_late_module_gives_what_the_module_has() -> None:
    late = Late("chengdan.base.late")

    assert late.Late is Late
    with pytest.raises(AttributeError, match="no attribute 'Early'"):
        _ = late.Early


def test_serving_loads_no_library_that_only_some_requests_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, chengdan.cli.serving; {LOADED}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert LARGE & set(done.stdout.split()) == set()
