"""One file a film. Each is told in short sentences, in French and in English."""

from __future__ import annotations

from recordings.scene import Scene

from . import activation, application, help_asked, password, second_factor, suspicion

SCENES: dict[str, Scene] = {
    part.SCENE.slug: part.SCENE for part in (activation, password, second_factor, application, suspicion, help_asked)
}
