# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""docs_page.py URL: opens URL/docs in a headless Chromium and presses every "Send" on it.

Passes if every answer is 2xx, nothing was asked of any other place, nothing was reported to the console, and the page
fits a narrow screen.
"""

import sys

from playwright.sync_api import sync_playwright

origin = sys.argv[1]
flaws = []
requests = []

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    page = browser.new_page()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: flaws.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: flaws.append(f"error: {error}"))
    page.goto(f"{origin}/docs", wait_until="networkidle")

    operations = page.locator("details.operation")
    if operations.count() == 0:
        flaws.append("the page shows no operation")
    for operation in operations.all():
        name = operation.locator("summary").first.inner_text()
        operation.locator("summary").first.click()
        operation.get_by_role("button", name="Send").click()
        answer = operation.locator("[data-status]")
        answer.wait_for(timeout=10_000)
        status = answer.get_attribute("data-status")
        print(f"{status}  {name}")
        if not status.startswith("2"):
            flaws.append(f"{name}: {answer.inner_text()}")

    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        flaws.append("the page is wider than a screen of 320 pixels")
    browser.close()

flaws += [f"a request elsewhere: {url}" for url in requests if not url.startswith(f"{origin}/")]
print(f"{len(requests)} requests, {len(flaws)} flaws")
for flaw in flaws:
    print(flaw)
sys.exit(1 if flaws else 0)
