# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""checks.py DIR PORT: what scripts/secure-checks looks at, once its servers run; HTTP ports from PORT on.

Exit status 1 if anything is not as it should be.
"""

import pathlib
import signal
import sys
import time

import journey
import refusals
import roles
from programs import Programs
from report import Report


def main():
    folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    # Ended from outside, too, the programs are ended first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report, begun = Report(), time.monotonic()
    with Programs(folder, port) as programs:
        # What is refused is refused while everything else goes on.
        refused = refusals.start(programs)
        roles.check(folder, report)
        journey.check(programs, report)
        refusals.check(refused, report)
    print(f"{report.passed} of {report.passed + len(report.failed)} as they should be, {time.monotonic() - begun:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
