# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What schemathesis cannot know from the documents."""

import itertools
import re

import schemathesis

numbers = itertools.count(1)


@schemathesis.serializer("application/x-ndjson", "application/jsonl", "application/ndjson")
def ndjson(context, value):
    """The lines of an import are text."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request an idempotency key of its own: the same one with another request is refused, rightly."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!#-~]{1,255}", key):
        case.headers["Idempotency-Key"] = f"key-{next(numbers)}"
