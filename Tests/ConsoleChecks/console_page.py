# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""console_page.py OTHER_PORT [FOLDER]: works with the console in a headless Chromium while events flow.

Passes if every view does what it says, with the keyboard as well, in dark and in light, with axe finding no violation,
nothing asked of any other place and nothing reported to the browser's console. With a folder it leaves pictures there.
"""

import http.server
import re
import sys
import threading
import time
import uuid

from playwright.sync_api import expect, sync_playwright
from system import COMMAND_API, QUERY_API, Consumer, Traffic, call, management, publish, register, until
from watched_page import Checks, WatchedPage

other_port = int(sys.argv[1])
check = Checks(*sys.argv[2:3])
flaws = check.flaws
run = uuid.uuid4().hex[:8]
expect.set_options(timeout=15_000)


class Console(WatchedPage):
    """A page with the console open."""

    def __init__(self, browser, scheme, width=1440, height=900):
        super().__init__(check, browser, QUERY_API, scheme, width, height)
        self.page.goto(f"{QUERY_API}/console")
        expect(self.page.locator("#connection")).to_have_text("Live")

    def view(self, name):
        self.page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=2, name=name, exact=True)).to_be_visible()

    def answer_yes(self):
        self.page.get_by_role("button", name="Yes, do it").click()


def letters(console, button="Look"):
    console.page.locator("#view-letters").get_by_role("button", name=button).click()
    expect(console.page.locator("#letters-form button:disabled")).to_have_count(0)


# ---------------------------------------------------------------- checks


def first_screen(console):
    expect(console.page.locator(".lanes tbody tr")).to_have_count(len(names))
    check("the flow has every read model", console.page.locator(".lanes tbody th").all_inner_texts() == names)
    expect(console.page.locator("#zeros strong")).to_have_text(["0"] * 6)
    check("what should be zero is zero", True)


def live(console):
    console.view("Live")
    rows = console.page.locator("#recent tr")
    expect(rows.first).to_contain_text("user.created")
    text = console.page.locator("#recent").inner_text()
    check("the live list names nobody", "example.org" not in text and "Grace" not in text)
    newest = lambda: rows.first.get_attribute("data-ref")
    before = newest()
    until(lambda: newest() != before, 10, "the next commit")
    console.page.get_by_role("button", name="Pause").click()
    expect(console.page.locator("#connection")).to_have_text("Paused")
    before = newest()
    time.sleep(2.5)
    check("a paused list stands still", newest() == before)
    console.page.get_by_role("button", name="Go on").click()
    until(lambda: newest() != before, 10, "the next commit after the pause")
    console.page.get_by_role("button", name="Pause").click()
    rows.first.get_by_role("button", name="Show").click()
    expect(console.page.locator("#details pre")).to_contain_text("example.org")
    console.accessible("what a commit says")
    console.page.keyboard.press("Escape")
    expect(console.page.locator("#details")).not_to_be_visible()
    console.page.get_by_role("button", name="Go on").click()
    console.accessible("Live")


def keyboard(browser):
    console = Console(browser, "light")
    page, press = console.page, console.page.keyboard.press
    press("Tab")
    check("the first stop skips to the content", page.evaluate("document.activeElement.className") == "skip")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(page.locator("#view-live")).to_be_visible()
    check("a view that is opened has the focus", page.evaluate("document.activeElement.id") == "main")
    page.goto(f"{QUERY_API}/console#entity")
    page.locator("#entity-key").focus()
    page.keyboard.type("nobody@example.org")
    press("Enter")
    expect(page.locator("#journey")).to_contain_text("does not exist")
    # A fetch that is answered with 404 is told to the browser's console, as it should be.
    while any("404" in flaw for flaw in flaws):
        flaws.remove(next(flaw for flaw in flaws if "404" in flaw))
    page.context.close()


def entity(console):
    email = f"ada-{run}@example.org"
    user = register(email)
    call("PATCH", f"{COMMAND_API}/users/{email}", {"name": "Augusta Ada King"})
    console.view("One entity")
    console.page.locator("#entity-model").select_option("users")
    console.page.locator("#entity-key").fill(email)
    console.page.get_by_role("button", name="Find").click()
    rows = console.page.locator("#journey tbody > tr")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row.locator(".come.good")).to_have_count(2)
    rows.nth(1).get_by_role("button", name="Before and after").click()
    diff = console.page.locator(".diff")
    expect(diff.locator("mark.gone").filter(has_text='"name": "Ada Lovelace"')).to_be_visible()
    expect(diff.locator("mark:not(.gone)").filter(has_text='"name": "Augusta Ada King"')).to_be_visible()
    check("an entity is found by its key, and shows what each event did", True)
    console.accessible("One entity")
    console.picture(f"entity-{console.scheme}")
    console.page.locator("#entity-key").fill(user["id"])
    console.page.get_by_role("button", name="Find").click()
    expect(rows).to_have_count(2)
    check("an entity is found by its identifier", True)


def dead_letters(console, consumer):
    # A message by hand, and events whose turn comes too early: put aside while the consumer is away.
    publish("domain_events", "user.created", {}, '{"id":"nobody"}')
    dead = lambda: call_json("GET", f"{QUERY_API}/console/api/dead-letters/users")["total"]
    until(lambda: dead() == 1, 20, "the letter")
    consumer.stop()
    emails = [f"late-{number}-{run}@example.org" for number in range(3)]
    for email in emails:
        register(email)
    for event in until(waiting_events, 20, "the events"):
        headers = {
            **event["properties"]["headers"],
            "x-dead-reason": "not-applicable", "x-dead-error": "the document is not there", "x-dead-attempts": 4,
            "x-dead-origin-queue": "users.projection", "x-dead-failed-at": "2026-03-01T12:00:00.000Z",
        }
        publish("amq.default", "users.projection.dead", {**event["properties"], "headers": headers}, event["payload"])
    console.view("Flow")
    expect(console.page.locator("#zeros .trouble").filter(has_text="Queues without a consumer")).to_be_visible()
    expect(console.page.locator("#zeros .trouble").filter(has_text="Dead letters")).to_contain_text("4")
    console.page.locator("#zeros .trouble").filter(has_text="Queues without a consumer").focus()
    time.sleep(2.5)
    check("what has the focus keeps it", "consumer" in console.page.evaluate("document.activeElement.textContent"))
    console.page.keyboard.press("Enter")
    expect(console.page.locator("#details")).to_contain_text("Is a consumer running")
    console.page.keyboard.press("Escape")
    console.accessible("Flow with troubles")
    console.picture(f"troubles-{console.scheme}")
    console.page.locator("#zeros .trouble").filter(has_text="Dead letters").click()
    expect(console.page.locator("#letters-model")).to_have_value("users")
    letters(console)
    expect(console.page.locator("#letters h3")).to_have_text(["not-an-event (1)", "not-applicable (3)"])
    check("the list of letters names nobody", "example.org" not in console.page.locator("#letters").inner_text())
    letters(console, "Preview a replay")
    expect(console.page.get_by_text("would be applied")).to_have_count(3)
    expect(console.page.get_by_text("would be put aside again")).to_have_count(1)
    check("a preview says what a replay would do", True)
    console.page.get_by_label("All letters with the reason not-applicable").check()
    console.accessible("Dead letters")
    console.picture(f"letters-before-{console.scheme}")
    console.page.get_by_role("button", name="Replay the selected").click()
    console.accessible("a question")
    console.answer_yes()
    expect(console.page.locator("#receipts tbody tr")).to_have_count(3, timeout=30_000)
    expect(console.page.locator("#receipts .good")).to_have_count(3)
    expect(console.page.locator("#letters h3")).to_have_text(["not-an-event (1)"])
    console.picture(f"letters-after-{console.scheme}")
    consumer.start()
    for email in emails:
        until(lambda: call("GET", f"{QUERY_API}/users/{email}")[0] == 200, 20, "what was replayed")
    check("what is replayed is applied", True)
    console.page.get_by_label("All letters with the reason not-an-event").check()
    console.page.get_by_role("button", name="Discard the selected").click()
    console.answer_yes()
    expect(console.page.locator("#letters")).to_contain_text("no dead letters", timeout=30_000)
    console.view("Actions")
    outcomes = console.page.locator("#actions tr")
    expect(outcomes.filter(has_text="replay of 3")).to_contain_text("3 of 3 done")
    expect(outcomes.filter(has_text="discard of 1")).to_contain_text("127.0.0.1")
    check("every action is recorded, with who and what came of it", True)
    console.accessible("Actions")
    console.picture(f"actions-{console.scheme}")


def long_journey(console, consumer):
    """More events than a look has, while the consumer is away: what is shown goes on, whether the rest was read or not."""
    consumer.stop()
    email = f"long-{run}@example.org"
    user = register(email)
    for number in range(110):
        call("PATCH", f"{COMMAND_API}/users/{email}", {"name": f"Ada the {number}th"})
    console.view("One entity")
    console.page.locator("#entity-model").select_option("users")
    # Nothing has made a document of it, which the address could be looked up in.
    console.page.locator("#entity-key").fill(user["id"])
    console.page.get_by_role("button", name="Find").click()
    rows = console.page.locator("#journey tbody > tr")
    expect(rows).to_have_count(100)
    expect(console.page.locator("#journey").get_by_text("not yet")).to_have_count(100)
    consumer.start()
    expect(console.page.locator("#journey .come.good")).to_have_count(200, timeout=30_000)
    console.page.get_by_role("button", name="Later events").click()
    expect(rows).to_have_count(111)
    expect(console.page.locator("#journey .come.good")).to_have_count(222)
    check("a long journey goes on while one looks, page by page", True)


def waiting_events():
    """The events in the queue of users, once there are three: taken off it."""
    queue = management("GET", "queues/%2F/users.projection")
    if queue.get("messages_ready", 0) < 3:
        return None
    return management(
        "POST", "queues/%2F/users.projection/get",
        {"count": 10, "ackmode": "ack_requeue_false", "encoding": "auto"},
    )


def call_json(method, url, body=None):
    status, answer = call(method, url, body, {"X-Requested-With": "checks"})
    assert status == 200, f"{method} {url}: {status} {answer}"
    return answer


class Rebuild:
    """A read model made anew from the page, step by step, each of which takes its time."""

    def __init__(self, browser):
        self.console = Console(browser, "dark")
        self.console.view("Projections")
        heading = self.console.page.get_by_role("heading", name="inventory_lists", exact=True)
        self.card = self.console.page.locator("#projections .card").filter(has=heading)

    def order(self, button):
        self.card.get_by_role("button", name=button).click()
        self.console.answer_yes()

    def expect(self, *texts):
        for text in texts:
            expect(self.card).to_contain_text(text, timeout=90_000)


def other_origins(browser):
    """A page of another origin: neither reads nor does anything."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", other_port), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass = type("Empty", (http.server.BaseHTTPRequestHandler,), {
        "do_GET": lambda self: (self.send_response(200), self.send_header("Content-Type", "text/html"), self.end_headers()),
        "log_message": lambda *_: None,
    })
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{other_port}/")
    before = len(call_json("GET", f"{QUERY_API}/console/api/actions"))
    path = f"{QUERY_API}/console/api"
    sent = page.evaluate(
        """async (path) => {
            const ways = [
                () => fetch(`${path}/actions`).then((answer) => answer.json()),
                () => fetch(`${path}/projections/users/rebuild`, { method: "POST", body: "{}",
                    headers: { "Content-Type": "application/json", "X-Requested-With": "console" } }),
                () => fetch(`${path}/projections/users/rebuild`, { method: "POST", mode: "no-cors", body: "{}" })
                    .then(() => { throw new Error("opaque"); }),
                () => new Promise((resolve, reject) => {
                    const source = new EventSource(`${path}/flow`);
                    source.onmessage = source.onopen = resolve;
                    source.onerror = reject;
                }),
            ];
            return (await Promise.allSettled(ways.map((way) => way()))).map((result) => result.status);
        }""",
        path,
    )
    check("a page of another origin learns nothing", sent == ["rejected"] * 4, sent)
    check("and does nothing", len(call_json("GET", f"{QUERY_API}/console/api/actions")) == before)
    framed = page.evaluate(
        """(url) => new Promise((resolve) => {
            const frame = document.createElement("iframe");
            frame.onload = () => resolve(frame.contentDocument === null);
            frame.src = url;
            document.body.append(frame);
        })""",
        f"{QUERY_API}/console",
    )
    check("and cannot frame it", framed)
    page.close()
    server.shutdown()


def under_load(console):
    console.view("Flow")
    with Traffic(1000, f"load-{run}"):
        rate = lambda: float(console.page.locator(".stage .big").first.inner_text().split()[0].replace(",", ""))
        until(lambda: rate() > 500, 40, "so many commands a second")
        gap = console.page.evaluate(
            """() => new Promise((resolve) => {
                let last = performance.now(), longest = 0;
                const end = last + 4000;
                const frame = (now) => {
                    longest = Math.max(longest, now - last);
                    last = now;
                    if (now < end) requestAnimationFrame(frame); else resolve(longest);
                };
                requestAnimationFrame(frame);
            })"""
        )
        print(f"    {rate():,.0f} commands a second, the longest time without a picture {gap:.0f} ms")
        check("the page stays responsive", gap < 1000, gap)
        for scheme in ["light", "dark"]:
            console.page.emulate_media(color_scheme=scheme)
            console.picture(f"load-{scheme}")
        console.page.emulate_media(color_scheme=console.scheme)
        asked = time.monotonic()
        console.view("Live")
        check("a view opens at once", time.monotonic() - asked < 2)
        console.picture(f"live-{console.scheme}")


def narrow(browser):
    console = Console(browser, "dark", width=320, height=640)
    for name in ["Flow", "Live", "One entity", "Dead letters", "Projections", "Actions"]:
        console.view(name)
        wide = console.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        check(f"{name} fits a narrow screen", not wide)
    console.view("Flow")
    console.picture("narrow-dark")
    console.page.context.close()


names = ["users", "inventory_items", "inventory_reservations", "inventory_lists", "inventory_list_lines",
         "engagement"]

consumer = Consumer()
try:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        dark, light = Console(browser, "dark"), Console(browser, "light")
        for console in (dark, light):
            first_screen(console)
            console.accessible("Flow")
            console.picture(f"start-{console.scheme}")
        rebuild = Rebuild(browser)
        rebuild.order("Rebuild")
        rebuild.expect("rebuild: ")
        rebuild.console.accessible("Projections")
        rebuild.console.picture("projections-dark")
        rebuild.order("Stop")
        rebuild.expect("rebuild: interrupted")
        # It may have been far already.
        rebuild.order(re.compile("Go on with the rebuild|Finish the switch"))
        with Traffic(20, f"live-{run}"):
            live(light)
            entity(dark)
        keyboard(browser)
        narrow(browser)
        other_origins(browser)
        rebuild.expect("rebuild: done", "Generation 2 serves", "Generation 1 is complete")
        rebuild.order("Switch to the other generation")
        under_load(light)
        rebuild.expect("rollback: done", "Generation 1 serves", "Generation 2 is complete")
        rebuild.order("Remove the other generation")
        rebuild.expect("finish: done")
        check("a read model is rebuilt from the page, with a stop in between, switched back, and the new one removed", True)
        dead_letters(light, consumer)
        long_journey(light, consumer)
        browser.close()
finally:
    consumer.stop()

check.exit()
