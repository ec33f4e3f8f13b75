"""A program that sends files through every form of a site of its own, and tells what each took of memory and of time.

``python -m tests.functional.weighing FOLDER bombs|large`` prints a line of JSON for each file and form.
"""

import contextlib
import gc
import json
import os
import resource
import sys
import time
from pathlib import Path

import psutil
import transaction
from PIL import Image
from pyramid.threadlocal import manager
from webtest import TestApp

import coopcms
from coopcms.scripts.database import site_of

from .. import world as worlds
from ..conftest import FULL
from ..support import bombs, pictures
from . import uploading
from .auditing import days_ago
from .uploading import FORMS

SIZE = (8_000, 6_240)  # 49.9 megapixels


def large():
    """Good pictures as large as any that is taken, by name."""
    gray = Image.linear_gradient("L").resize(SIZE)
    colours = Image.merge("RGB", (gray, gray, gray))
    seen = Image.merge("RGBA", (gray, gray, gray, gray))
    return {
        "jpeg": lambda: (pictures.saved(colours, "JPEG"), "a.jpg"),
        "jpeg progressive": lambda: (pictures.saved(colours, "JPEG", progressive=True), "a.jpg"),
        "jpeg just too small to be halved": lambda: (pictures.saved(Image.new("RGB", (7_070, 7_070)), "JPEG"), "a.jpg"),
        "png": lambda: (pictures.saved(colours, "PNG", compress_level=1), "a.png"),
        "png see-through": lambda: (pictures.saved(seen, "PNG", compress_level=1), "a.png"),
        "png palette": lambda: (pictures.saved(gray.convert("P"), "PNG", compress_level=1), "a.png"),
        "webp": lambda: (pictures.saved(colours, "WEBP", method=0), "a.webp"),
        "webp see-through": lambda: (
            pictures.saved(Image.new("RGBA", SIZE, (1, 2, 3, 4)), "WEBP", method=0, lossless=True),
            "a.webp",
        ),
        "heic": lambda: (pictures.heic(Image.new("RGB", SIZE, "green"), enc_params={"preset": "ultrafast"}), "a.heic"),
    }


@contextlib.contextmanager
def weighed(told):
    """What the process took above its rest, in megabytes, and of processor time, in seconds."""
    gc.collect()
    _forget_the_peak()
    rest, begun = psutil.Process().memory_info().rss, time.process_time()
    yield
    told["seconds"] = round(time.process_time() - begun, 2)
    told["megabytes"] = round((_peak() - rest) / 1e6)


def _forget_the_peak():
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak():
    """The most memory since it was forgotten, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def site(folder):
    """A site with the forms, and somebody logged in for each of them."""
    var = Path(folder)
    (var / "blobs").mkdir(parents=True)
    application = coopcms.main(
        {},
        **{
            "zodbconn.uri": f"file://{var}/Data.fs?blobstorage_dir={var}/blobs",
            "coopcms.var": str(var / "site"),
            "coopcms.clock": "outside",
        },
    )
    with site_of(application.registry) as root:
        manager.push({"registry": application.registry, "request": None})
        made = worlds.build(root, days_ago(30))
        transaction.commit()
        uploading.settle(made)
        manager.pop()
    return application


def logged_in(application, login):
    app = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    filled = app.get("/login").forms["form"]
    filled["login"], filled["password"] = login, worlds.PASSWORD
    assert filled.submit("save").status_int == 303
    return app


def forms_for(number):
    """The forms that a file is sent through: that of documents and, by turns, one of the others; all with COOPCMS_FULL=1."""
    return FORMS if FULL else (FORMS[0], FORMS[1 + number % (len(FORMS) - 1)])


def main(folder, which):
    application = site(folder)
    browsers = {login: logged_in(application, login) for login in {form.login for form in FORMS}}
    for form in FORMS:  # what is loaded once and stays is no cost of any file
        for data, filename in (pictures.good()[kind] for kind in ("png", "webp", "heic")):
            uploading.send(browsers[form.login], form, data, filename)
    for number, (name, make) in enumerate((bombs.BOMBS if which == "bombs" else large()).items()):
        data, filename = make()
        for form in forms_for(number):
            told = {"name": name, "form": form.name, "bytes": len(data)}
            with weighed(told):
                told["status"] = uploading.send(browsers[form.login], form, data, filename).status_int
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("COOPCMS_SECRET", "x" * 40)
    main(sys.argv[1], sys.argv[2])
