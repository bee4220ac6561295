# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What the checks of pages in a headless Chromium share: they are told what holds, and watch what a page does meanwhile."""

import pathlib
import sys
import time

from axe_core_python.sync_playwright import Axe


class Checks:
    """Calls note whether something holds; pictures go to a folder, if there is one."""

    def __init__(self, folder=None):
        self.folder = pathlib.Path(folder) if folder else None
        self.flaws, self.begun = [], time.monotonic()

    def __call__(self, name, holds, details=""):
        print(f"{time.monotonic() - self.begun:5.1f} s  {'ok' if holds else 'FAILED'}  {name}", flush=True)
        if not holds:
            self.flaws.append(f"{name} {details}")

    def exit(self):
        """Tells what was found, and ends the program."""
        print(f"{len(self.flaws)} flaws")
        for flaw in self.flaws:
            print(flaw)
        sys.exit(1 if self.flaws else 0)


class WatchedPage:
    """A page in a browser of its own. What it asks of other places, and what it reports to the browser's console, are flaws."""

    def __init__(self, check, browser, origin, scheme, width=1440, height=900):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
        self.check, self.origin = check, origin
        self.scheme, self.page = scheme, context.new_page()
        self.page.on("request", lambda request: self.note(request.url))
        self.page.on("console", lambda message: self.hear(message.text))
        self.page.on("pageerror", lambda error: check.flaws.append(f"error on the page: {error}"))

    def note(self, url):
        if not url.startswith((f"{self.origin}/", "data:")):
            self.check.flaws.append(f"a request elsewhere: {url}")

    def hear(self, text):
        self.check.flaws.append(f"browser's console: {text}")

    def accessible(self, what):
        violations = Axe().run(self.page)["violations"]
        found = [f"{flaw['id']}: {flaw['nodes'][0]['html'][:200]}" for flaw in violations]
        self.check(f"{what}, {self.scheme}: axe finds nothing", not found, found)

    def picture(self, name):
        if self.check.folder:
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=self.check.folder / f"{name}.png", full_page=True)
