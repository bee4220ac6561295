# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What was looked at, and what came of it."""


class Report:
    def __init__(self):
        self.passed, self.failed = 0, []

    def check(self, name, holds, details=""):
        if holds:
            self.passed += 1
            print(f"ok      {name}", flush=True)
        else:
            self.failed.append(name)
            print(f"FAILED  {name}: {details}", flush=True)
