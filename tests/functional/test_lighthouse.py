"""What Lighthouse says of the four pages that people come to first; needs ``npm install -g lighthouse``, and is left out without it."""

import json
import os
import shutil
import subprocess

import pytest

from .browsing import PROGRAMS
from .conftest import ARGUMENTS
from .pages_of_the_site import addresses

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 0.95


@pytest.fixture(scope="module")
def lighthouse():
    """The command; it is no part of what the site needs, so that nothing asks for it."""
    program, browser = shutil.which("lighthouse"), next((path for path in map(shutil.which, PROGRAMS) if path), None)
    if program is None or browser is None:
        pytest.skip("Lighthouse is missing; install it with: npm install -g lighthouse")
    flags = " ".join(("--headless", *ARGUMENTS))

    def run(url):
        asked = [program, url, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={flags}"]
        answer = subprocess.run(
            [*asked, f"--only-categories={','.join(CATEGORIES)}"],
            capture_output=True,
            text=True,
            timeout=180,
            env=os.environ | {"CHROME_PATH": browser},
        )
        assert answer.returncode == 0, answer.stderr[-800:]
        return json.loads(answer.stdout)

    return run


@pytest.mark.parametrize("name", ["home", "directory", "dossier-rich", "proposal-voting"])
def test_the_first_pages_are_good_in_every_category(name, lighthouse, demo_site, demo_place):
    told = lighthouse(demo_site.url + addresses(demo_place.folder)[name])
    scores = {category: told["categories"][category]["score"] for category in CATEGORIES}
    below = [
        f"{category}: {told['audits'][one['id']]['title']}"
        for category in CATEGORIES
        for one in told["categories"][category]["auditRefs"]
        if one["weight"] and (told["audits"][one["id"]]["score"] or 0) < LEAST
    ]
    assert min(scores.values()) >= LEAST, (scores, below)
