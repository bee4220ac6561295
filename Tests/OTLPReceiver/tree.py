# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""tree.py FILE [TRACE...]: prints traces as trees, of the lines that receiver.py has printed into FILE, "-" for standard input.

A span is a line: when it began, in milliseconds since the first of its trace, how long it took, its service, name and
kind, and what else there is to see of it at once. Those with a parent that has not come are roots. A link names the
span that it leads to, if that has come, and its trace if it is another one.
"""

import json
import sys

KINDS = {1: "INTERNAL", 2: "SERVER", 3: "CLIENT", 4: "PRODUCER", 5: "CONSUMER"}
SHOWN = ("http.response.status_code", "messaging.batch.message_count", "db.operation.batch.size", "error.type")


def described(span, begin, names):
    parts = [f"{span['service']}: {span['name']}", KINDS.get(span["kind"], "?")]
    parts += [f"{name}={span['attributes'][name]}" for name in SHOWN if name in span["attributes"]]
    if span["status"] == 2:
        parts.append("ERROR")
    parts += [f"[{event['name']}]" for event in span["events"]]
    for link in span["links"]:
        name = names.get((link["traceId"], link["spanId"]), link["spanId"])
        elsewhere = "" if link["traceId"] == span["traceId"] else f" in trace {link['traceId'][:8]}…"
        parts.append(f"-> {name}{elsewhere}")
    if span["droppedLinks"]:
        parts.append(f"-> and {span['droppedLinks']} more")
    start, duration = (span["start"] - begin) / 1e6, (span["end"] - span["start"]) / 1e6
    return f"{start:10.1f} {duration:9.1f}", "  ".join(parts)


def lines_of(trace, spans, names):
    own = sorted((span for span in spans if span["traceId"] == trace), key=lambda span: (span["start"], span["end"]))
    known = {span["spanId"] for span in own}
    begin = own[0]["start"]
    yield f"trace {trace}"
    yield f"{'at ms':>10} {'took ms':>9}"

    def below(parent, before):
        children = [
            span
            for span in own
            if (span["parentSpanId"] if span["parentSpanId"] in known else None) == parent
        ]
        for span in children:
            is_last = span is children[-1]
            times, text = described(span, begin, names)
            stem = "" if parent is None else before + ("└─ " if is_last else "├─ ")
            yield f"{times}  {stem}{text}"
            yield from below(span["spanId"], "" if parent is None else before + ("   " if is_last else "│  "))

    yield from below(None, "")


def main():
    with sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8") as lines:
        spans = [span for span in map(json.loads, lines) if "spanId" in span]
    names = {(span["traceId"], span["spanId"]): span["name"] for span in spans}
    first = {}
    for span in spans:
        first[span["traceId"]] = min(span["start"], first.get(span["traceId"], span["start"]))
    for trace in sys.argv[2:] or sorted(first, key=first.get):
        if trace not in first:
            sys.exit(f"no span of trace {trace} has come")
        print("\n".join(lines_of(trace, spans, names)) + "\n")


main()
