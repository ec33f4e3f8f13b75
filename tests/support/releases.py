"""Databases as released versions of the program made them, to be brought to what this version expects."""

import tarfile
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
#: Versions whose demo content is kept, oldest first.
VERSIONS = ("0.1.0",)


def unpack(version, folder):
    """Put ``Data.fs`` and ``blobs`` of the demo content of a version into a folder, and give the folder back."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(FIXTURES / f"demo-{version}.tar.xz") as archive:
        # Python before 3.11.4 knows no filter; the archive is ours.
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return folder
