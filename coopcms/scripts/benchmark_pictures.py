"""What a large photo takes of memory, in a process of its own: what one process has used it does not give back."""

import subprocess  # noqa: S404
import sys

#: Fifty megapixels, as a telephone takes them.
_PROGRAM = """
import io, psutil, resource, sys
from PIL import Image
from coopcms.domain.files import pictures
stream = io.BytesIO()
gray = Image.linear_gradient("L").resize((64, 64))
Image.merge("RGB", (gray, gray, gray)).save(stream, "{kind}")
pictures.drawn(stream.getvalue(), "{type}", 2000)  # what is loaded once is no cost of any picture
del stream
data = open(sys.argv[1], "rb").read()
rest = psutil.Process().memory_info().rss
pictures.drawn(data, "{type}", 2000)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print((peak - rest) / 1e6)
"""
_MAKING = """
import sys
from PIL import Image
gray = Image.linear_gradient("L").resize((8160, 6120))
Image.merge("RGB", (gray, gray, gray)).save(sys.argv[1], "{kind}")
"""


def megabytes(kind: str, content_type: str, folder: str) -> float:
    """Megabytes above rest that drawing a picture of fifty megapixels takes."""
    path = f"{folder}/large.{kind.lower()}"
    _run(_MAKING.format(kind=kind), path)
    return float(_run(_PROGRAM.format(kind=kind, type=content_type), path))


def _run(program: str, path: str) -> str:
    return subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True).stdout  # noqa: S603
