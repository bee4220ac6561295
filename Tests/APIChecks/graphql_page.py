# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""graphql_page.py QUERY_API COMMAND_API [FOLDER]: writes queries on /graphql in a headless Chromium, mostly by the keyboard.

Passes if the page completes from the schema, runs, shows what came of it and where errors are, keeps a history, and draws
statistics by day; if axe finds no violation in light, in dark and on a narrow screen, and nothing is asked of any other place or
reported to the browser's console. With a folder it leaves pictures there.
"""

import sys
import uuid

from playwright.sync_api import expect, sync_playwright
from watched_page import Checks, WatchedPage

query_api, command_api, *rest = sys.argv[1:]
check = Checks(*rest)
run = uuid.uuid4().hex[:8]
expect.set_options(timeout=10_000)


class Page(WatchedPage):
    def __init__(self, browser, scheme, width=1440, height=900):
        super().__init__(check, browser, query_api, scheme, width, height)
        self.editor, self.status = self.page.get_by_label("Query", exact=True), self.page.locator("#status")
        self.options = self.page.get_by_role("option")
        self.open()

    def open(self, query=""):
        self.page.goto(f"{query_api}/graphql{query}")
        expect(self.page.locator("#documentation h3").first).to_be_visible()

    def hear(self, text):
        # What is answered with an error is told to the browser's console, as it should be.
        if "the server responded with a status of 4" not in text:
            super().hear(text)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        """Writes a query in the place of the one that is there, with the list of completions out of the way."""
        self.editor.fill(text)
        self.press("Escape")

    def run(self, status):
        self.press("Control+Enter")
        expect(self.status).to_contain_text(status)


def register(client):
    email = f"ada-{run}@example.org"
    answer = client.post(f"{command_api}/users", data={"name": "Ada Lovelace", "email": email})
    assert answer.status == 202, answer.text()
    assert client.get(f"{query_api}/users/{email}?minVersion=1", headers={"Prefer": "wait=10"}).status == 200
    return email


def stock(client):
    """An item whose stores are named like days: what a picture by day needs."""
    items, sku = f"{command_api}/api/v1/inventory/items", f"DAYS-{run}".upper()
    answer = client.post(items, data={"sku": sku, "name": "Chair"})
    for day in range(1, 8):
        answer = client.post(f"{items}/sku/{sku}/adjust", data={"quantity": day * day, "store": f"2026-03-0{day}"})
        assert answer.status == 202, answer.text()
    version = answer.json()["version"]
    wait = {"Prefer": "wait=10"}
    address = f"{query_api}/api/v1/inventory/items/sku/{sku}?minVersion={version}"
    assert client.get(address, headers=wait).status == 200
    return sku


def completion(view, email):
    view.editor.fill("")
    view.page.keyboard.type("{ us")
    expect(view.options).to_have_count(3)
    names = view.options.evaluate_all("options => options.map(({ firstChild }) => firstChild.data)")
    check("fields are completed from the schema", names == ["user", "users", "userEngagement"], names)
    view.accessible("The list of completions")
    view.picture(f"graphql-completion-{view.scheme}")
    view.press("ArrowDown", "ArrowUp", "Enter")
    view.page.keyboard.type("(")
    expect(view.options.first).to_contain_text("email")
    view.press("Tab")
    view.page.keyboard.type(f': "{email}") {{')
    view.page.keyboard.type(" na")
    expect(view.options.first).to_contain_text("name")
    view.press("Enter")
    view.page.keyboard.type(" emai")
    view.press("Enter")
    view.page.keyboard.type(" } }")
    query = view.editor.input_value()
    check("what is chosen is written", query == f'{{ user(email: "{email}") {{ name email }} }}', query)
    view.run("200 OK")
    expect(view.page.locator("#answer")).to_contain_text(f'"email": "{email}"')
    check("a query is written and run by the keyboard", True)


def errors(view):
    view.write("{\n  users {\n    nothing\n  }\n}")
    view.run("422")
    expect(view.page.locator("#errors li")).to_contain_text("Line 3")
    expect(view.page.locator("#highlight .flaw")).to_have_text("nothing")
    view.accessible("An error")
    view.picture(f"graphql-error-{view.scheme}")
    view.page.locator("#errors button").click()
    place = view.page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]")
    check("an error leads to its place", place == ["query", 16], place)
    view.write("{ hello")
    view.run("400")
    view.page.get_by_label("Variables, in JSON").fill("{")
    view.press("Control+Enter")
    expect(view.page.locator("#errors")).to_contain_text("no JSON")
    view.page.get_by_label("Variables, in JSON").fill("")
    check("errors say what and where", True)


def variables(view, email):
    view.write("query A($email: String!) { user(email: $email) { name } }\nquery B { __typename }")
    view.page.get_by_label("Variables, in JSON").fill(f'{{"email": "{email}"}}')
    view.page.get_by_label("Operation").select_option("A")
    view.run("200 OK")
    expect(view.page.locator("#answer")).to_contain_text("Ada Lovelace")
    check("variables and operations are sent", True)


def history(view):
    entries = view.page.locator("#history button")
    expect(entries.first).to_have_text("A")
    count = entries.count()
    draft = view.editor.input_value()
    view.page.reload()
    expect(view.page.locator("#documentation h3").first).to_be_visible()
    check("a draft and the history outlive the page", view.editor.input_value() == draft and entries.count() == count)
    entries.last.click()
    check("what was asked can be asked again", "emai" in view.editor.input_value(), view.editor.input_value())
    view.page.get_by_role("button", name="Forget it").click()
    expect(entries).to_have_count(0)


def documentation(view):
    content = view.page.locator("#documentation")
    content.get_by_role("button", name="Query", exact=True).click()
    content.get_by_role("button", name="UserConnection!").click()
    expect(content).to_contain_text("A page of users.")
    view.accessible("A type")
    content.get_by_role("button", name="← Query").click()
    view.page.get_by_label("Find a type or a field").fill("reserved")
    expect(content.locator("li")).to_have_text(["Item.reserved", "StoreStock.reserved"])
    view.page.get_by_label("Find a type or a field").fill("")
    check("the schema can be read and searched", True)


def days(view, sku):
    view.write(f'{{ item(sku: "{sku}") {{ name days: stock {{ date: store quantity reserved }} }} }}')
    view.run("200 OK")
    figure = view.page.locator("figure")
    expect(figure.locator("figcaption")).to_have_text("item, by day")
    expect(figure.locator("svg")).to_have_count(2)
    heights = [float(bar.get_attribute("height")) for bar in figure.locator("svg").first.locator("rect").all()]
    check("statistics by day are a picture", len(heights) == 7 and heights == sorted(heights) and heights[-1] == 40, heights)
    view.accessible("A picture by day")
    view.picture(f"graphql-days-{view.scheme}")


def narrow(browser):
    view = Page(browser, "dark", 320, 640)
    view.editor.focus()
    view.run("200 OK")
    wide = view.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    check("the page fits a screen of 320 pixels", not wide)
    view.accessible("A narrow screen")
    view.picture("graphql-narrow")


def link(browser):
    """A link brings its query, and leaves alone what is being written; and its policy allows nothing but the service's own."""
    view = Page(browser, "light")
    draft, entries = "{ draft }", view.page.locator("#history button")
    view.write(draft)
    view.open("?query=%7B__typename%7D&variables=%7B%7D")
    check("a link brings its query", view.editor.input_value() == "{__typename}", view.editor.input_value())
    expect(entries).to_have_text(["Your draft", "{__typename}"])
    view.accessible("A link")
    view.write("{ __typename another: __typename }")
    entries.first.click()
    check("it leaves the draft alone", view.editor.input_value() == draft, view.editor.input_value())
    expect(entries).to_have_text(["{__typename}"])
    view.write(draft + " # and more")
    view.open()
    check("which is then written on", view.editor.input_value() == draft + " # and more", view.editor.input_value())
    policy = view.page.request.get(f"{query_api}/graphql", headers={"Accept": "text/html"}).headers["content-security-policy"]
    check("its policy allows nothing inline", "unsafe" not in policy and "default-src 'none'" in policy, policy)


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    client = browser.new_context().request
    email, sku = register(client), stock(client)
    for scheme in ("light", "dark"):
        view = Page(browser, scheme)
        view.accessible("The page")
        completion(view, email)
        errors(view)
        variables(view, email)
        history(view)
        documentation(view)
        days(view, sku)
        view.page.context.close()
    narrow(browser)
    link(browser)
    browser.close()

check.exit()
