# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""cross_origin.py COMMAND_API QUERY_API PORT: what pages of other origins may do in a headless Chromium.

Serves an empty page on PORT, which is one origin as http://127.0.0.1:PORT and another as http://localhost:PORT. The
services' CORS_ORIGINS names the first alone: there each way to call the APIs must succeed, with all that answers say;
from the second all must fail, and nothing be carried out.
"""

import http.server
import sys
import threading
import uuid

from playwright.sync_api import sync_playwright

command_api, query_api, port = sys.argv[1:]
flaws = []


class EmptyPage(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>a page</title>")

    def log_message(self, *arguments):
        pass


# Calls, and returns what a page can see of the answer; "refused" when the browser shows nothing.
CALL = """async ([method, url, headers, body]) => {
    try {
        const answer = await fetch(url, {method, headers, body})
        return {status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text()}
    } catch (error) {
        return "refused"
    }
}"""

# Follows changes, makes one, and returns the name of the event that tells of it.
FOLLOW = """([changes, method, url, headers, body]) => new Promise((resolve) => {
    const source = new EventSource(changes)
    const end = (result) => { source.close(); resolve(result) }
    source.onerror = () => end("refused")
    source.onopen = () => fetch(url, {method, headers, body})
    source.addEventListener("changed", (event) => { if (event.data.includes(JSON.parse(body).name)) end(event.type) })
})"""

JSON = {"Content-Type": "application/json"}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def expect(name, found, expected):
    print(f"{'ok  ' if found == expected else 'FLAW'} {name}")
    if found != expected:
        flaws.append(f"{name}: {found} instead of {expected}")


def check_allowed(page):
    def call(method, url, headers=None, body=None):
        return page.evaluate(CALL, [method, url, headers or {}, body])

    def see(name, answer, status, *fields):
        expect(name, answer if answer == "refused" else answer["status"], status)
        for field in fields:
            expect(f"{name} shows {field}", answer != "refused" and field.lower() in answer["headers"], True)

    email = f"{uuid.uuid4().hex}@computing.org"
    body = f'{{"name": "Ada Lovelace", "email": "{email}"}}'
    keys = {"Idempotency-Key": uuid.uuid4().hex, "traceparent": TRACE, "X-Request-ID": "a-page"}
    made = call("POST", f"{command_api}/users", JSON | keys, body)
    see("POST", made, 202, "ETag", "Location", "X-Request-ID")
    see("POST of what is taken", call("POST", f"{command_api}/users", JSON, body), 409, "X-Request-ID")
    url = made["headers"]["location"] if made != "refused" else f"{query_api}/users/{email}"
    see("GET", call("GET", url, {"Prefer": "wait=10"}), 200, "ETag", "Cache-Status", "Preference-Applied")
    see("GET of what is known", call("GET", url, {"If-None-Match": '"1"'}), 304, "ETag")
    see("GET of nobody", call("GET", f"{query_api}/users/nobody@computing.org"), 404, "X-Request-ID")
    user = f"{command_api}/users/{email}"
    see("PATCH of another version", call("PATCH", user, JSON | {"If-Match": '"7"'}, '{"name": "A"}'), 412)
    see("GET of what cannot be read here", call("GET", user), 405, "Allow")
    expect("PUT, which there is not", call("PUT", user, JSON, "{}"), "refused")
    lines = call("POST", f"{command_api}/users/import", {"Content-Type": "application/x-ndjson"}, body)
    see("an import", lines, 200)
    expect("an import's lines", lines != "refused" and '"line":1,"status":409' in lines["text"], True)
    name = uuid.uuid4().hex
    change = [f"{query_api}/users/changes", "PATCH", user, JSON | {"If-Match": '"1"'}, f'{{"name": "{name}"}}']
    expect("changes", page.evaluate(FOLLOW, change), "changed")
    see("DELETE", call("DELETE", user), 202, "ETag")


def check_refused(page, client):
    email = f"{uuid.uuid4().hex}@computing.org"
    body = f'{{"name": "Ada Lovelace", "email": "{email}"}}'
    for name, arguments in {
        "GET": ["GET", f"{query_api}/users", {}, None],
        "GET of nobody": ["GET", f"{query_api}/users/nobody@computing.org", {}, None],
        "POST": ["POST", f"{command_api}/users", JSON, body],
        "DELETE": ["DELETE", f"{command_api}/users/{email}", {}, None],
    }.items():
        expect(f"{name} from elsewhere", page.evaluate(CALL, arguments), "refused")
    expect("changes from elsewhere", page.evaluate(FOLLOW, [f"{query_api}/users/changes", "GET", query_api, {}, None]),
           "refused")
    expect("POST from elsewhere has done nothing", client.get(f"{query_api}/users/{email}").status, 404)


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), EmptyPage)
threading.Thread(target=server.serve_forever, daemon=True).start()
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    check_allowed(page)
    page.goto(f"http://localhost:{port}/")
    check_refused(page, page.request)
    browser.close()
server.shutdown()

print(f"{len(flaws)} flaws")
for flaw in flaws:
    print(flaw)
sys.exit(1 if flaws else 0)
