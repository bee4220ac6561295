# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""The checks, each with its name."""

import traceback

checks = []
skipped = []


def check(name: str, *cases):
    """Registers a check, or one for each case, which is put into the name. What a case's check takes is the case."""

    def register(body):
        for case in cases:
            checks.append((name.format(case), lambda case=case: body(case)))
        if not cases:
            checks.append((name, body))
        return body

    return register


def skip(name: str, reason: str):
    """Says that a check cannot be made here."""
    skipped.append(f"skipped {name}: {reason}")


def run() -> int:
    """Runs all, says what became of each, and returns the exit status."""
    failed = 0
    for name, body in checks:
        try:
            body()
        except Exception as error:
            failed += 1
            print(f"FAILED  {name}\n        {error}")
            if not isinstance(error, AssertionError):
                traceback.print_exc()
        else:
            print(f"ok      {name}")
    print(*skipped, sep="\n")
    print(f"{len(checks) - failed} passed, {failed} failed" + (f", {len(skipped)} skipped" if skipped else ""))
    return 1 if failed else 0
