"""Films are kept in a folder of the test's own."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import av
import pytest
from PIL import Image

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nOuvrez la page de connexion.\n"


@pytest.fixture(autouse=True)
def films_folder(settings: Any, tmp_path_factory: Any) -> Any:
    settings.FILMS_DIR = tmp_path_factory.mktemp("films")
    return settings.FILMS_DIR


@pytest.fixture(scope="session")
def film() -> Callable[..., bytes]:
    """A film of ``seconds``, made once for each kind."""
    made: dict[tuple[Any, ...], bytes] = {}

    def make(container: str = "webm", codec: str = "libvpx", seconds: int = 2) -> bytes:
        key = (container, codec, seconds)
        if key not in made:
            made[key] = _encode(*key)
        return made[key]

    return make


def _encode(container: str, codec: str, seconds: int) -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for rank in range(5 * seconds):
            picture = Image.new("RGB", (64, 36), (rank * 20 % 255, 90, 160))
            output.mux(stream.encode(av.VideoFrame.from_image(picture)))
        output.mux(stream.encode())
    return target.getvalue()
