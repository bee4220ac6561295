# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""load.py PID [CONSOLES] [SECONDS]: what so many open consoles cost query-api, whose process is PID, while events flow.

Prints processor time and memory without any, with one, and with all of them, and what one of them was sent.
"""

import os
import re
import socket
import sys
import time
import urllib.parse

from system import QUERY_API, Consumer, Traffic

pid, consoles, seconds = [int(text) for text in (sys.argv[1:] + ["50", "10"][len(sys.argv) - 2 :])]
url = urllib.parse.urlsplit(QUERY_API)


def processor_seconds():
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mebibytes():
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def open_console():
    connection = socket.create_connection((url.hostname, url.port), timeout=30)
    connection.sendall(f"GET /console/api/flow HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
    connection.setblocking(False)
    return connection


def drain(connections):
    received = 0
    for connection in connections:
        try:
            while chunk := connection.recv(1 << 20):
                received += len(chunk)
                assert b"Trouble" not in chunk, chunk
        except BlockingIOError:
            pass
    return received


def measure(name, connections):
    """Reads what all are sent for a while."""
    # The first snapshots come a moment after the first console.
    time.sleep(2)
    drain(connections)
    begun, before, received = time.monotonic(), processor_seconds(), 0
    while time.monotonic() < begun + seconds:
        received += drain(connections)
        time.sleep(0.1)
    share = (processor_seconds() - before) / (time.monotonic() - begun)
    each = received / max(1, len(connections)) / seconds / 1024
    print(f"{name:12}  {share:6.1%} of a processor  {resident_mebibytes():6.1f} MiB  {each:5.1f} KiB/s each", flush=True)
    assert not connections or received > 0, "the consoles were sent nothing"


consumer = Consumer()
try:
    with Traffic(500, "load"):
        measure("no console", [])
        connections = [open_console()]
        measure("1 console", connections)
        connections += [open_console() for _ in range(consoles - 1)]
        measure(f"{consoles} consoles", connections)
        for connection in connections:
            connection.close()
finally:
    consumer.stop()
