"""Pictures of every kind of page with the demo content (``make screenshots``), to be looked at by people.

They come to ``var/screenshots/<page>-<width>-<scheme>.png``; names of pages as arguments make only those.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from .functional.browsing import PROGRAMS
from .functional.opening import Eyes
from .functional.pages_of_the_site import PAGES, addresses, settle

FOLDER = Path(__file__).parent.parent / "var" / "screenshots"
#: Width in CSS pixels and colour scheme.
LOOKS = ((1280, "light"), (768, "light"), (360, "light"), (360, "dark"))
#: The highest picture, in pixels: a longer page is cut.
HIGHEST = 6000


def main() -> int:
    """Start the site on a free port in a scratch folder, and photograph it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="PAGE", help="only these pages")
    parser.add_argument("--language", choices=("fr", "en"), default="fr")
    asked = parser.parse_args()
    pages = [page for page in PAGES if not asked.names or page.name in asked.names]
    program = next((path for path in map(shutil.which, PROGRAMS) if path), None)
    if program is None:
        print("The browser Chromium is missing; install it with: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        place = settle(Path(scratch) / "site")
        with place.start() as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            eyes = Eyes(browser, server.url, addresses(place.folder))
            for page in pages:
                window, _answer = eyes.open(page, asked.language)
                for width, scheme in LOOKS:
                    window.emulate_media(color_scheme=scheme)
                    window.set_viewport_size({"width": width, "height": 800})
                    high = window.evaluate("document.documentElement.scrollHeight")
                    window.screenshot(
                        path=FOLDER / f"{page.name}-{width}-{scheme}.png",
                        full_page=True,
                        clip={"x": 0, "y": 0, "width": width, "height": min(high, HIGHEST)},
                    )
                window.emulate_media(color_scheme="light")
            eyes.close()
            browser.close()
    print(f"{len(pages) * len(LOOKS)} pictures in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
