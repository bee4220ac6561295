# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""A user is registered and read, and operators do their work, with nothing but the services' own logins."""

from programs import until


def check(programs, report):
    commands = programs.start("command-api")
    consumer = programs.start("consumer", ["run"])
    # The console acts with the consumer's logins.
    queries = programs.start("query-api", changes={
        "CONSOLE": "on",
        "CONSOLE_AMQP_URL_FILE": f"{programs.folder}/secrets/consumer.amqp-url",
        "CONSOLE_MONGODB_URI_FILE": f"{programs.folder}/secrets/consumer.mongodb-uri",
    })
    for service in (commands, consumer, queries):
        report.check(f"{service.name} is ready", until(20, service.is_ready), f"{service.reasons()}; see {service.log}")

    status, _, body = commands.call("POST", "/users", {"name": "Ada Lovelace", "email": "ada@computing.org"})
    report.check("POST /users", status == 202, f"{status} {body}")
    path = "/users/ada@computing.org"
    visible = f"{path}?minVersion=1&id={(body or {}).get('id')}"
    status, _, body = until(15, lambda: answer if (answer := queries.call("GET", visible))[0] == 200 else None) or queries.call("GET", visible)
    report.check("GET /users/{email}", status == 200 and body["name"] == "Ada Lovelace", f"{status} {body}")
    status, _, body = queries.call("GET", f"{path}/history")
    report.check("GET /users/{email}/history", status == 200 and len(body["items"]) == 1, f"{status} {body}")
    # Changes are told through the broker: then memory answers.
    def from_memory():
        return "hit" in (queries.call("GET", path)[1].get("Cache-Status") or "")

    report.check("query-api is told of changes", until(10, from_memory), queries.call("GET", path)[1].get("Cache-Status"))

    rebuild = programs.command("rebuild", "users")
    for arguments in (["verify", "users"], ["dead-letters", "list"], ["topology", "check"]):
        process = programs.command(*arguments)
        output, _ = process.communicate(timeout=60)
        report.check(f"consumer {' '.join(arguments)}", process.returncode == 0, f"{process.returncode}: {output}")
    for view in ("dead-letters/users", "entities/users?key=ada@computing.org", "actions"):
        status, _, body = queries.call("GET", f"/console/api/{view}")
        report.check(f"the console's {view.split('?')[0]}", status == 200, f"{status} {body}")
    output, _ = rebuild.communicate(timeout=60)
    report.check("consumer rebuild users", rebuild.returncode == 0, f"{rebuild.returncode}: {output}")
    finish = programs.command("rebuild", "users", "--finish")
    output, _ = finish.communicate(timeout=60)
    report.check("consumer rebuild users --finish", finish.returncode == 0, f"{finish.returncode}: {output}")
    status, _, body = queries.call("GET", path)
    report.check("GET /users/{email} after it", status == 200, f"{status} {body}")
    for service in (commands, consumer, queries):
        text = service.log.read_text()
        report.check(f"{service.name} met no refusal", "unauthorized" not in text and "accessRefused" not in text, f"see {service.log}")
