# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What schemathesis cannot know from the documents: NDJSON, and what is refused for another reason than its form."""

import itertools
import json
import re
import unicodedata

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, ServerError
from schemathesis.openapi.checks import RejectedPositiveData

KEY = r'[!#-~]{1,255}|"([!#-\[\]-~]|\\["\\]){1,255}"'
TAGS = r'\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*'
NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
numbers = itertools.count(1)


@schemathesis.serializer(*NDJSON)
def write_ndjson(context, value):
    """An array as lines; anything else, which is wrong, as one."""
    if isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@schemathesis.deserializer(*NDJSON)
def read_ndjson(context, response):
    return [json.loads(line) for line in response.content.splitlines()]


@schemathesis.hook
def map_body(context, body):
    """Names without unassigned and rare private characters, which the pattern has no room to list."""
    if isinstance(body, list):
        return [map_body(context, line) for line in body]
    if isinstance(body, dict) and isinstance(body.get("name"), str):
        return body | {"name": "".join("x" if is_unlisted(character) else character for character in body["name"])}
    return body


def is_unlisted(character):
    category = unicodedata.category(character)
    return category == "Cn" or (category == "Co" and ord(character) > 0xFFFF)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps requests from each other's way, and from waiting."""
    headers = case.headers if case.headers is not None else {}
    # The same key with another request is refused, and with the same request nothing happens again. Bad keys stay.
    if re.fullmatch(KEY, str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = f"key-{next(numbers)}"
    # Hardly any version that is made up exists, and each would be waited for.
    if "minVersion" in (case.query or {}):
        headers["Prefer"] = "wait=0"


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether it is one. An answer is judged by its status; some are right for a reason that no schema can hold."""
    operation = case.operation.definition.raw.get("operationId")
    if isinstance(failure, AcceptedNegativeData) and operation == "importUsers":
        # An import is answered as a whole, and its bad lines one by one.
        results = read_ndjson(context, response)
        return bool(results) and all(result["status"] < 300 for result in results)
    if not isinstance(failure, (RejectedPositiveData, ServerError)):
        return True
    problem = json.loads(response.content)
    match problem["type"]:
        case "/problems/version-mismatch":
            return "If-Match" not in case.headers
        case "/problems/not-yet-visible":
            return "minVersion" not in case.query
        case "/problems/malformed-request":
            # What names a user goes only together with a version. And beside what it tests schemathesis fills in
            # `If-Match: 0`, whatever the header's pattern.
            lone = "id" in case.query and "minVersion" not in case.query
            return not lone and re.fullmatch(TAGS, case.headers.get("If-Match", "*"))
        case "/problems/invalid-parameters":
            # A cursor is right only if a page gave it, and two ways to say which moment are one too many.
            together = {"at", "version"} <= set(case.query)
            allowed = {"after"} | ({"version"} if together else set())
            return not {error["parameter"] for error in problem["errors"]} <= allowed
    return True
