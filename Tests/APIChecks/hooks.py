# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What schemathesis cannot know from the documents: NDJSON, and what is refused for another reason than its form."""

import itertools
import json
import re
import unicodedata

import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.failures import AcceptedNegativeData, ServerError
from schemathesis.openapi.checks import RejectedPositiveData

KEY = r'[!#-~]{1,255}|"([!#-\[\]-~]|\\["\\]){1,255}"'
TAGS = r'\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*'
NDJSON = ("application/x-ndjson", "application/jsonl", "application/ndjson")
POSITION = r"(0|[1-9][0-9]{0,17})-[0-9A-F]{1,1024}"
SKU = r"[A-Za-z0-9._/-]{1,64}"
SKU_CATEGORIES = ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd")
LINES = ("name", "description", "reason", "reference", "customer", "product", "user_id")
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
    """Lines of text without unassigned and rare private characters, which the pattern has no room to list."""
    if isinstance(body, list):
        return [map_body(context, line) for line in body]
    if isinstance(body, dict):
        return body | {field: "".join("x" if is_unlisted(character) else character for character in body[field])
                       for field in LINES if isinstance(body.get(field), str)}
    return body


def is_unlisted(character):
    category = unicodedata.category(character)
    return category == "Cn" or (category == "Co" and ord(character) > 0xFFFF)


def is_unlisted_sku(text):
    """Whether it is a SKU although the pattern says otherwise, which has room for ASCII alone."""
    if not isinstance(text, str) or re.fullmatch(SKU, text):
        return False
    return all(character in "-_./" or unicodedata.category(character) in SKU_CATEGORIES
               for character in unicodedata.normalize("NFC", text).strip())


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps requests from each other's way, from waiting, and from what no schema can forbid."""
    headers, query = case.headers or {}, case.query or {}
    # The same key with another request is refused, and with the same request nothing happens again. Bad keys stay.
    if re.fullmatch(KEY, str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = f"key-{next(numbers)}"
    # Hardly any version that is made up exists, and each would be waited for.
    if "minVersion" in query:
        headers["Prefer"] = "wait=0"
    if case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        # Hardly any text that is made up is a document.
        if case.operation.path == "/graphql" and next(numbers) % 2:
            (query if case.method == "GET" else case.body)["query"] = "query($name: String) { users(name: $name) { edges { cursor } } }"
        # Hardly any made-up version is the present one, so every other change is for any. And beside what it tests
        # schemathesis fills in `If-Match: 0`, whatever the header's pattern; likewise `Last-Event-ID: 0`.
        if next(numbers) % 2 or not re.fullmatch(TAGS, headers.get("If-Match", "*")):
            headers.pop("If-Match", None)
        if next(numbers) % 2:
            headers.pop("If-None-Match", None)
        if not re.fullmatch(POSITION, headers.get("Last-Event-ID", "0-0")):
            headers.pop("Last-Event-ID")
        if not re.fullmatch(POSITION, str(query.get("lastEventId", "0-0"))):
            query.pop("lastEventId")
        # Of the three ways to say which state of a user is meant one is enough, and whose it is belongs to one of them.
        ways = [name for name in ("at", "version", "minVersion") if name in query]
        if ways:
            ways.pop(next(numbers) % len(ways))
        for name in ways:
            del query[name]
        if "minVersion" not in query:
            query.pop("id", None)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether it is one. An answer is judged by its status; some are right for a reason that no schema can hold."""
    headers, query = case.headers or {}, case.query or {}
    if isinstance(failure, AcceptedNegativeData):
        lines = [case.body]
        if case.operation.path.endswith("/import"):
            # An import is answered as a whole, and its bad lines one by one.
            results = read_ndjson(context, response)
            if not results or any(result["status"] >= 300 for result in results):
                return False
            lines = case.body if isinstance(case.body, list) else lines
        if any(isinstance(line, dict) and is_unlisted_sku(line.get("sku")) for line in lines):
            return False
    if case.operation.path == "/graphql" and isinstance(failure, RejectedPositiveData):
        # No schema has room for a language: a text need not be a document, nor an object in JSON.
        return response.status_code not in (400, 422)
    if isinstance(failure, (RejectedPositiveData, ServerError)):
        problem = json.loads(response.content)
        match problem["type"]:
            case "/problems/version-mismatch":
                return "If-Match" not in headers and "If-None-Match" not in headers
            case "/problems/not-yet-visible":
                # Who has just registered is waited for, as long as the client says.
                return "minVersion" not in query and "Prefer" not in headers
            case "/problems/invalid-parameters":
                # A cursor is right only if a page of this list gave it.
                return [error["parameter"] for error in problem["errors"]] != ["after"]
    return True
