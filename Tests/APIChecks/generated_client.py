# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Has openapi-python-client make clients from both documents, and calls every operation of them.

generated_client.py COMMAND_API QUERY_API FOLDER: the services' URLs, and a folder for the generated code.

What no generator of clients knows is sent by hand on the generated request: a body of NDJSON, and an answer without end.
"""
import datetime
import importlib
import json
import pathlib
import subprocess
import sys
import uuid

command_api, query_api, folder = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
sys.path.insert(0, str(folder))
# Media types that the generator does not know by name.
(folder / "config.yaml").write_text("""content_type_overrides:
  application/problem+json: application/json
  application/merge-patch+json: application/json
  application/x-ndjson: application/octet-stream
  application/jsonl: application/octet-stream
  application/ndjson: application/octet-stream
  text/event-stream: text/plain
  application/graphql-response+json: application/json
  text/javascript: text/plain
  text/css: text/plain
  image/svg+xml: text/plain
post_hooks: []
""")

called = {}


def generate(name, url):
    subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--url", f"{url}/openapi.json", "--meta", "none",
         "--output-path", str(folder / name), "--overwrite", "--config", str(folder / "config.yaml")],
        check=True, stdout=subprocess.DEVNULL)
    for path in (folder / name).rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
    called[name] = {path.stem: False for path in (folder / name / "api").glob("*/*.py") if path.stem != "__init__"}
    module = importlib.import_module(name)
    return module.Client(base_url=url, timeout=30)


def operation(client, name, tag):
    called[client][name] = True
    return importlib.import_module(f"{client}.api.{tag}.{name}")


def call(client, connection, name, status, /, *arguments, tag="users", **parameters):
    answer = operation(client, name, tag).sync_detailed(*arguments, client=connection, **parameters)
    assert answer.status_code == status, f"{name}: {answer.status_code} instead of {status}: {answer.content[:300]}"
    return answer


commands, queries = generate("command_client", command_api), generate("query_client", query_api)
command_models = importlib.import_module("command_client.models")
email = f"generated.{uuid.uuid4().hex}@example.org"

created = call("command_client", commands, "create_user", 202,
               body=command_models.CreateUser(name="Ada Lovelace", email=email)).parsed
assert created.email == email and created.version == 1
found = call("query_client", queries, "get_user", 200, email, min_version=1, id=created.id).parsed
assert (found.name, found.version) == ("Ada Lovelace", 1)
assert call("query_client", queries, "get_user", 200, email).parsed == found
call("query_client", queries, "get_user", 412, email, if_match='"7"')
changed = call("command_client", commands, "update_user", 202, email, if_match='"1"', idempotency_key=uuid.uuid4().hex,
               body=command_models.UpdateUser(name="Ada King")).parsed
assert changed.version == 2
now = datetime.datetime.now(datetime.timezone.utc)
assert call("query_client", queries, "get_user", 200, email, at=now + datetime.timedelta(hours=1)).parsed.name == "Ada King"
assert call("query_client", queries, "get_user", 200, email, version=1).parsed.name == "Ada Lovelace"
history = call("query_client", queries, "get_user_history", 200, email, limit=1).parsed
assert len(history.items) == 1 and history.next_
rest = call("query_client", queries, "get_user_history", 200, email, after=history.next_).parsed
assert len(rest.items) == 1 and rest.next_ is None
call("query_client", queries, "get_user", 200, email, min_version=2, id=created.id)
listed = call("query_client", queries, "list_users", 200, name="ada", limit=500).parsed
assert any(user.email == email for user in listed.items)

query = f'{{ user(email: "{email}") {{ version }} }}'
query_models = importlib.import_module("query_client.models")
asked = call("query_client", queries, "query", 200, tag="graphql", body=query_models.GraphQLRequest(query=query)).parsed
assert asked.data["user"]["version"] == 2, asked
call("query_client", queries, "query_by_get", 200, tag="graphql", query=query)
call("query_client", queries, "query_by_get", 422, tag="graphql", query="{ nothing }")
call("query_client", queries, "get_schema", 200, tag="graphql")
call("query_client", queries, "get_page_file", 200, "graphql.js", tag="graphql")

request = operation("query_client", "follow_users", "users")._get_kwargs()
with queries.get_httpx_client().stream(**request) as answer:
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/event-stream"
    lines = answer.iter_lines()
    assert next(lines) == "retry: 1000" and next(lines).startswith("id: ")

# The generated function asks at run time whether its body is a `list[CreateUser]`, which Python refuses to say.
for verb, tag, path, line in (
        ("import_users", "users", "/users", {"name": "Bob", "email": f"bob.{uuid.uuid4().hex}@example.org"}),
        ("import_items", "items", "/api/v1/inventory/items", {"sku": f"IMPORTED-{uuid.uuid4().hex}", "name": "Chair"}),
        ("import_engagement", "engagement", "/engagement", {"type": "view", "anime_id": 1, "user_id": "user123"})):
    operation("command_client", verb, tag)
    imported = commands.get_httpx_client().post(
        f"{path}/import", headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": uuid.uuid4().hex},
        content=json.dumps(line).encode() + b"\n")
    assert imported.status_code == 200 and '"status":202' in imported.text, imported.text

# Each operation on an item by its SKU, and once more by its identifier.
for suffix in ("_by_sku", ""):
    sku = f"GENERATED-{uuid.uuid4().hex}".upper()
    item = call("command_client", commands, "create_item", 202, tag="items",
                body=command_models.CreateItem(sku=sku, name="Blue chair", quantity=100)).parsed
    assert item.sku == sku and item.version == 2
    name = sku if suffix else item.id

    def command(verb, body, status=202):
        return call("command_client", commands, verb + suffix, status, name, tag="items", body=body).parsed

    def query(verb, **parameters):
        return call("query_client", queries, verb + suffix, 200, name, tag="items", **parameters).parsed

    command("update_item", command_models.UpdateItem(name="Blue armchair"))
    command("adjust_stock", command_models.AdjustStock(quantity=-10, reason="broken"))
    command("reserve_stock", command_models.ReserveStock(quantity=91), 409)
    reserved = command("reserve_stock", command_models.ReserveStock(quantity=10))
    command("release_stock", command_models.ReleaseOldest(quantity=1))
    call("query_client", queries, "get_reservations", 200, item.id, tag="items", min_version=reserved.version + 1)
    command("confirm_stock", command_models.ConfirmStock(reservation_id=reserved.reservation_id))
    assert query("get_stock", min_version=reserved.version + 2).available == 81
    assert query("get_item").name == "Blue armchair"
    assert query("get_availability", quantity=81).is_available
    assert len(query("get_item_history").items) == 7
    call("command_client", commands, "delete_item" + suffix, 202, name, tag="items")
call("query_client", queries, "list_items", 200, tag="items", name="blue")
request = operation("query_client", "follow_items", "items")._get_kwargs()
with queries.get_httpx_client().stream(**request) as answer:
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/event-stream"

stock_list = call("command_client", commands, "create_list", 202, tag="lists",
                  body=command_models.CreateList(customer="Ada", expires_on=datetime.date(2027, 1, 31))).parsed
line = call("command_client", commands, "add_line", 202, stock_list.id, tag="lists",
            body=command_models.AddLine(product="Lamp", quantity=3)).parsed
shown = call("query_client", queries, "get_list", 200, stock_list.id, tag="lists", min_version=line.version).parsed
assert shown.total_items == 3 and shown.lines[0].line_id == line.line_id
assert len(call("query_client", queries, "list_lines", 200, stock_list.id, tag="lists").parsed.items) == 1
assert len(call("query_client", queries, "get_list_history", 200, stock_list.id, tag="lists").parsed.items) == 2
call("query_client", queries, "list_lists", 200, tag="lists")
call("command_client", commands, "delete_list", 202, stock_list.id, tag="lists")

for verb, body in (
        ("record_click", command_models.Click(anime_id=1, user_id="user123")),
        ("record_view", command_models.View(anime_id=1, user_id="user123", duration_seconds=1440)),
        ("rate_anime", command_models.Rating(anime_id=1, user_id="user123", score=9))):
    assert call("command_client", commands, verb, 202, tag="engagement", body=body).parsed.event_id
key = uuid.uuid4().hex
rated = [call("command_client", commands, "rate_anime", 202, tag="engagement", idempotency_key=key, body=body).parsed
         for _ in range(2)]
assert rated[0].event_id == rated[1].event_id

call("command_client", commands, "delete_user", 412, email, if_none_match="*")
call("command_client", commands, "delete_user", 202, email)
for client, connection in (("command_client", commands), ("query_client", queries)):
    for path in sorted((folder / client / "api" / "service").glob("get_*.py")):
        call(client, connection, path.stem, 200, tag="service")

missing = [f"{client}.{name}" for client, names in called.items() for name, done in names.items() if not done]
assert not missing, f"never called: {', '.join(missing)}"
print(f"called {sum(map(len, called.values()))} operations of two generated clients")
