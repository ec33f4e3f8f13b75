"""No file, however it is made, takes more memory or time than a site has for it: measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import PATIENCE
from ..support.bombs import BOMBS, HARMLESS
from .uploading import FORMS
from .weighing import forms_for

ROOT = Path(__file__).parents[2]
PICTURE_FORMS = {form.name for form in FORMS if form.pictures_only}


def weigh(folder, which):
    """What each file took at each form."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.functional.weighing", str(folder / "site"), which]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_asks_for_much_is_answered_with_little(tmp_path):
    found = weigh(tmp_path, "bombs")
    assert len(found) == sum(len(forms_for(number)) for number in range(len(BOMBS)))
    assert {row["form"] for row in found} == {form.name for form in FORMS}
    assert [row for row in found if row["megabytes"] > 100 or row["seconds"] > 2] == []
    assert {row["name"] for row in found if row["form"] == "document" and row["status"] == 303} == HARMLESS
    assert {row["status"] for row in found} == {303, 422}


def test_good_pictures_up_to_fifty_megapixels_are_taken_with_less_than_three_hundred_megabytes(tmp_path):
    found = weigh(tmp_path, "large")
    assert [row for row in found if row["megabytes"] > 300] == []
    # A finding takes twelve pieces: all of these are taken everywhere.
    assert {row["status"] for row in found} == {303}


@pytest.mark.parametrize("megabytes", [40, 200])
def test_the_weighing_sees_what_is_taken(megabytes):
    code = (
        "import json; from tests.functional.weighing import weighed\n"
        f"told = {{}}\nwith weighed(told): taken = bytearray(b'x') * {megabytes * 1_000_000}; del taken\n"
        "print(json.dumps(told))"
    )
    # In a process of its own: one that has run many tests gives memory back while it is weighed.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    told = json.loads(done.stdout)
    assert megabytes * 0.7 <= told["megabytes"] <= megabytes * 1.5
