"""Take the pictures of docs/screens: `make screens` starts a demo company of its own and looks at its main pages.

They are WebP, so that the repository stays small. The tests look whether the pages still look like them.
"""

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.desk import PATIENCE_MS, Staff
from tests.browser.likeness import small
from tests.browser.scenes import FOLDER, SCENES, SIZES, looks, stage
from tests.processes import running_server


def main() -> int:
    """Write all pictures (or those of the scenes named as arguments); 0 when done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    wanted = [scene for scene in SCENES if scene.name in sys.argv[1:] or not sys.argv[1:]]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "home", arguments=["--demo"]) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
        staff = Staff(server.url)
        for size, role in product(SIZES, sorted({scene.role for scene in wanted})):
            with stage(browser, staff, role, size) as page:
                for scene in (scene for scene in wanted if scene.role == role):
                    for _, kept, taken in looks(page, scene):
                        kept.write_bytes(small(taken))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
