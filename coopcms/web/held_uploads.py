"""Files that were chosen in a form which came back with errors: held for a day, so that nobody chooses them again.

They lie in a folder of the machine that answered, apart for each account; where another machine answers next, the form asks again.
"""

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

from pyramid.request import Request

#: How long a file is held, in seconds, and how many an account may have waiting.
HELD = 24 * 3600
MOST = 8
_UID = re.compile(r"[A-Z0-9]{10}")

Upload = dict[str, Any]


class HeldUploads(dict[str, Upload]):
    """What deform asks of a place for uploads: those of this request, and those that wait since an earlier one."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.folder = (
            None if request.account is None else folder(request.registry.coopcms.var) / str(request.account.__oid__)
        )

    def preview_url(self, uid: str) -> None:
        """No preview."""

    def get(self, uid: str, default: Any = None) -> Any:
        """The file of that number, open for reading; only its sender finds it."""
        if uid in self:
            return self[uid]
        if self.folder is None or not _UID.fullmatch(uid):
            return default
        try:
            about = json.loads((self.folder / f"{uid}.json").read_text("utf-8"))
            return {**about, "uid": uid, "preview_url": None, "fp": (self.folder / uid).open("rb")}
        except (OSError, ValueError):
            return default

    def hold(self, upload: Upload) -> None:
        """Keep a file for the next time the form is sent; the oldest ones make room."""
        uid = upload["uid"]
        if self.folder is None or not _UID.fullmatch(uid) or (self.folder / uid).exists():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        forget(self.folder, MOST - 1)
        upload["fp"].seek(0)
        draft = self.folder / f"{uid}.part"
        with draft.open("wb") as file:
            shutil.copyfileobj(upload["fp"], file)
        about = {name: upload[name] for name in ("filename", "mimetype", "size")}
        (self.folder / f"{uid}.json").write_text(json.dumps(about), "utf-8")
        draft.replace(self.folder / uid)


def folder(var: Path) -> Path:
    """Where the files of all accounts are held."""
    return var / "uploads" / "held"


def forget(place: Path, most: int = 0) -> int:
    """Remove what was held for more than a day, and all but the newest ``most`` files where that is given; how many went."""
    files = sorted((file for file in place.glob("*") if file.is_file() and not file.suffix), key=_age)
    gone = [file for number, file in enumerate(files) if _age(file) > HELD or 0 < most <= number]
    for file in gone:
        file.unlink(missing_ok=True)
        file.with_suffix(".json").unlink(missing_ok=True)
    return len(gone)


def forget_all(var: Path) -> int:
    """Remove what was held for more than a day, of all accounts; how many files went."""
    return sum(forget(place) for place in folder(var).glob("*") if place.is_dir())


def _age(file: Path) -> float:
    """Seconds since it was written."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return HELD + 1
