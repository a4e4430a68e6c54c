"""``./ecritoire videos [NAME…]``: play the scenes on the running demonstration and write what the help delivers."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from launcher import config
from launcher.config import PROJECT_ROOT
from launcher.site import Site

from .camera import HEIGHT, WIDTH, Camera
from .cards import strip, title_card
from .cast import Cast
from .film import CARD, Cut, encode
from .pictures import take
from .scene import Scene, write_words
from .scenes import SCENES
from .stage import Stage

KNOWLEDGE = PROJECT_ROOT / "src/ecritoire/knowledge"
VIDEOS, IMAGES = KNOWLEDGE / "content/videos", KNOWLEDGE / "static/knowledge/images"
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
)


def record(scene: Scene, browser: Browser, site: Site, folder: Path) -> Cut:
    """Play one scene and write its film, poster, captions and transcripts into ``folder``."""
    context = browser.new_context(
        base_url=site.config.base_url,
        ignore_https_errors=True,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="fr-FR",
        color_scheme="light",
    )
    page = context.new_page()
    stage = Stage(page, Camera(page))
    try:
        scene.play(stage, Cast(site))
    except Error:
        page.screenshot(path=folder / f"{scene.slug}.failed.png")
        raise
    stage.camera.stop()
    context.close()
    drawing = browser.new_page()
    strips = [strip(drawing, rank, step.text) for rank, step in enumerate(stage.steps, start=1)]
    cut = Cut(stage, title_card(drawing, scene.title.removeprefix("En vidéo : ").capitalize(), scene.summary), strips)
    drawing.close()
    encode(cut, folder / f"{scene.slug}.webm")
    shown = next((step for step in stage.steps if step.is_poster), stage.steps[0])
    poster = cut.picture(CARD + round(shown.shown * 1000))
    poster.resize((960, 540)).save(folder / f"{scene.slug}.webp", quality=80, method=6)
    write_words(scene, stage.steps, cut.milliseconds, folder)
    return cut


def main() -> None:
    parser = argparse.ArgumentParser(prog="ecritoire videos", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], "pictures", *SCENES],
        metavar="NAME",
        help=f"everything by default; or pictures, {', '.join(SCENES)}",
    )
    parser.add_argument("--to", type=Path, default=VIDEOS, help="folder to write the films to")
    asked = parser.parse_args()
    site = Site(config.load())
    if not site.demo:
        raise SystemExit("films are recorded on a demonstration: ./ecritoire up --demo")
    asked.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(BROWSER))
        if not asked.names or "pictures" in asked.names:
            take(browser, site, IMAGES)
        for name in [name for name in asked.names or SCENES if name in SCENES]:
            start = time.monotonic()
            cut = record(SCENES[name], browser, site, asked.to)
            size = (asked.to / f"{name}.webm").stat().st_size
            took = time.monotonic() - start
            print(
                f"{name}: {cut.milliseconds / 1000:.0f} s, {size / 1000:.0f} kB, recorded in {took:.0f} s", flush=True
            )
        browser.close()


if __name__ == "__main__":
    main()
