# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What each user of MongoDB may do, and what not: asked of the server, over TLS."""

import pymongo
from pymongo.errors import OperationFailure

UNAUTHORIZED = 13


def may(work):
    """Whether the server lets it happen; what it would have changed is not there."""
    try:
        work()
        return True
    except OperationFailure as error:
        if error.code == UNAUTHORIZED or "not authorized" in str(error):
            return False
        # Let in, and refused for another reason.
        return True


def find(database, collection):
    return lambda client: client[database][collection].find_one({"_id": "nothing"})


def insert(database, collection):
    def work(client):
        client[database][collection].insert_one({"_id": "roles"})
        client[database][collection].delete_one({"_id": "roles"})

    return work


def update(database, collection):
    return lambda client: client[database][collection].update_one({"_id": "nothing"}, {"$set": {"x": 1}})


def delete(database, collection):
    return lambda client: client[database][collection].delete_one({"_id": "nothing"})


def drop(database, collection):
    return lambda client: client[database].command({"drop": collection})


def watch(database, collection):
    return lambda client: client[database][collection].watch(max_await_time_ms=1).close()


def command(**words):
    return lambda client: client.admin.command(words)


WRITE, READ = "cqrs_write", "cqrs_read"

ALLOWED = {
    "command-api": [find(WRITE, "events"), update(WRITE, "events"), delete(WRITE, "events"), insert(WRITE, "writers"), insert(WRITE, "snapshots")],
    "consumer": [find(WRITE, "events"), find(WRITE, "writers"), insert(READ, "nothing"), drop(READ, "nothing"), watch(READ, "nothing")],
    "query-api": [find(WRITE, "events"), find(READ, "users"), watch(READ, "users")],
    "operator": [find(WRITE, "events"), find(READ, "users"), command(serverStatus=1)],
    "backup": [find(WRITE, "events"), find("local", "oplog.rs")],
    "monitor": [command(serverStatus=1), command(replSetGetStatus=1)],
    "administrator": [command(usersInfo=1)],
}

FORBIDDEN = {
    "command-api": [
        ("read a read model", find(READ, "users")), ("write one", insert(READ, "users")), ("drop the events", drop(WRITE, "events")),
        ("make a collection", insert(WRITE, "others")), ("see users", command(usersInfo=1)),
    ],
    "consumer": [
        ("append an event", insert(WRITE, "events")), ("change one", update(WRITE, "events")), ("delete one", delete(WRITE, "events")),
        ("write a relay's progress", insert(WRITE, "writers")), ("drop the events", drop(WRITE, "events")),
    ],
    "query-api": [
        ("append an event", insert(WRITE, "events")), ("change one", update(WRITE, "events")), ("delete one", delete(WRITE, "events")),
        ("write a document", insert(READ, "users")), ("delete one", delete(READ, "users")), ("drop a read model", drop(READ, "users")),
        ("read a relay's progress", find(WRITE, "writers")),
    ],
    "operator": [
        ("append an event", insert(WRITE, "events")), ("write a document", insert(READ, "users")), ("make a user", command(createUser="x", pwd="y", roles=[])),
        ("stop the server", command(shutdown=1)),
    ],
    "backup": [("append an event", insert(WRITE, "events")), ("delete one", delete(WRITE, "events")), ("write a document", insert(READ, "users"))],
    "monitor": [("read an event", find(WRITE, "events")), ("read a document", find(READ, "users"))],
}


def check(folder, report):
    certificate = f"tls=true&tlsCAFile={folder}/tls/ca.crt"
    for user in ALLOWED:
        uri = (folder / "secrets" / f"{user}.mongodb-uri").read_text().strip()
        with pymongo.MongoClient(uri, serverSelectionTimeoutMS=5000) as client:
            refused = [number for number, work in enumerate(ALLOWED[user]) if not may(lambda work=work: work(client))]
            report.check(f"MongoDB's {user} may do its work", not refused, f"refused: {refused}")
            for what, work in FORBIDDEN.get(user, []):
                report.check(f"MongoDB's {user} may not {what}", not may(lambda work=work: work(client)))
    host = uri.split("@")[1].split("/")[0]
    with pymongo.MongoClient(f"mongodb://{host}/?directConnection=true&{certificate}", serverSelectionTimeoutMS=5000) as nobody:
        report.check("MongoDB tells nothing without a login", not may(lambda: find(WRITE, "events")(nobody)))
        report.check("MongoDB makes no user without a login", not may(lambda: command(createUser="x", pwd="y", roles=["root"])(nobody)))
