# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What the chart has to agree with: README.md, the programs' sources, and the programs themselves."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("command-api", "query-api", "consumer")


def text(path: str) -> str:
    return (ROOT / path).read_text()


def find(pattern: str, path: str) -> str:
    """What the pattern's group is in a file."""
    match = re.search(pattern, text(path))
    assert match, f"{path} has nothing like {pattern}"
    return match[1]


def variables() -> dict[str, set[str]]:
    """README's table of environment variables, with who reads each; "topology" is the consumer's command."""
    rows = re.findall(r"^\| ((?:`[A-Z0-9_]+`(?:, )?)+) \| ([^|]+) \|", text("README.md"), re.MULTILINE)
    assert rows, "README.md has no table of variables"
    table = {}
    for names, users in rows:
        users = set(SERVICES) if users == "all" else {"topology"} if "topology" in users else set(users.split(", "))
        assert users <= {*SERVICES, "topology"}, f"README.md: who is {users}?"
        table |= {name: users for name in re.findall(r"`([A-Z0-9_]+)`", names)}
    return table


def settings(program: Path, *arguments: str) -> set[str]:
    """The settings that a program reads, from what it says to one that it does not know."""
    command = [program, *arguments, "--set", "NO_SUCH_SETTING=1"]
    answer = subprocess.run(command, env={}, capture_output=True, text=True, timeout=10).stderr
    match = re.search(r"There are (.+)", answer)
    assert match, f"{program.name} says {answer!r}"
    # Debug builds alone have this one.
    return set(match[1].split(", ")) - {"CRASH_AFTER"}
