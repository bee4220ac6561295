# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""docs_page.py URL COMMAND_API: opens URL/docs in a headless Chromium and presses every "Send" on it.

Passes if every answer is 2xx, nothing was asked of any other place, nothing was reported to the console, and the page
fits a narrow screen. What an operation on one item needs is made through COMMAND_API, a service's URL.
"""

import re
import sys
import uuid

from playwright.sync_api import sync_playwright

origin, command_api = sys.argv[1:]
inventory = f"{command_api}/api/v1/inventory"
items = f"{inventory}/items"
flaws = []
requests = []


def fill_in_item(operation, client):
    """Puts an item or list of the operation's own in the place of the example, which names none. Some of an item is
    reserved, unless it is to be deleted. Nothing waits for the read models: the services promise to."""
    name = operation.locator('input[name="id"][required], input[name="sku"][required]')
    if name.count() == 0:
        return
    if re.search("list|line", operation.get_attribute("id"), re.IGNORECASE):
        name.fill(command(client, f"{inventory}/lists", {"customer": "Ada", "expiresOn": "2027-01-31"})["id"])
        return
    item = command(client, items, {"sku": f"PAGE-{uuid.uuid4().hex}", "name": "Blue chair", "quantity": 100})
    name.fill(item[name.get_attribute("name")])
    if operation.get_attribute("id").startswith("delete"):
        return
    reserved = command(client, f"{items}/{item['id']}/reserve", {"quantity": 10})
    for body in operation.locator('textarea[name="body"]').all():
        body.fill(re.sub(r'(?<="reservationId": ")[^"]*', reserved["reservationId"], body.input_value()))


def command(client, url, body):
    answer = client.post(url, data=body)
    assert answer.status == 202, f"{url}: {answer.status} {answer.text()}"
    return answer.json()


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
        fill_in_item(operation, page.request)
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
