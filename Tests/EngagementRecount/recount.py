#!/usr/bin/env python3
# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""recount.py MONGODB_URI: counts the stored events of engagement again, and compares the read model's sums.

Knows nothing but what is documented of the events and of the rows: no code of the project's. Needs pymongo.
"""
import collections
import json
import sys

import pymongo

client = pymongo.MongoClient(sys.argv[1])
animes = collections.defaultdict(collections.Counter)
users = collections.defaultdict(collections.Counter)
days = collections.defaultdict(collections.Counter)
viewed, scores, events = set(), {}, 0

documents = client.cqrs_write.events.find({"stream": {"$gt": "engagement-", "$lt": "engagement."}}).sort("_id", 1)
for document in documents:
    for event in [document, *document.get("following", [])]:
        events += 1
        data = json.loads(event["data"])
        pair = (data["animeId"], data["userId"])
        day = (data["animeId"], document["recordedAt"].strftime("%Y-%m-%d"))
        sums = [animes[pair[0]], users[pair[1]]]
        match event["type"]:
            case "engagement.clicked":
                for counter in [*sums, days[day]]:
                    counter["clicks"] += 1
            case "engagement.viewed":
                for counter in [*sums, days[day]]:
                    counter["views"] += 1
                    counter["duration"] += data["durationSeconds"]
                if pair not in viewed:
                    viewed.add(pair)
                    sums[0]["viewers"] += 1
                    sums[1]["viewed"] += 1
            case "engagement.rated":
                for counter in sums:
                    counter["score"] += data["score"] - scores.get(pair, 0)
                    counter["ratings"] += 0 if pair in scores else 1
                scores[pair] = data["score"]
            case other:
                sys.exit(f"an event of another kind: {other}")

record = client.cqrs_read.generations.find_one({"_id": "engagement"})
serving = record["state"]["serving"] if record else 1
name = "engagement" if serving == 1 else f"engagement.g{serving}"
rows = differences = 0
for table, expected in [
    ("animes", {str(key): value for key, value in animes.items()}),
    ("users", dict(users)),
    ("days", {f"{key[0]}.{key[1]}": value for key, value in days.items()}),
]:
    found = {row.pop("_id"): row for row in client.cqrs_read[f"{name}.sums.{table}"].find()}
    rows += len(found)
    for key in found.keys() | expected.keys():
        row, counter = found.get(key, {}), expected.get(key, {})
        average = counter["score"] / counter["ratings"] if counter.get("ratings") else None
        same = all(row.get(column, 0) == counter.get(column, 0) for column in (row.keys() | counter.keys()) - {"average"})
        if not same or table != "days" and row.get("average") != average:
            differences += 1
            if differences <= 10:
                print(f"{table}/{key}: {row}, counted {dict(counter)}")
print(f"{events} events counted, {rows} sums compared, {differences} are other")
sys.exit(1 if differences else 0)
