# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""panel_checks.py DIRECTORY: runs what every panel of every dashboard asks, against a Prometheus that watches the real services
under load, and reads their metrics strictly. Exit status 1 if a query is invalid, a panel is empty, or a text is wrong.
"""

import subprocess
import sys
import time
from pathlib import Path

import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families

import panels
from lab import MONITORING, Lab, Prometheus, get

# Times are so much shorter than in production: three seconds from scrape to scrape.
FACTOR = 5
# How long there may be nothing to see.
PATIENCE = 60


def filled(expression: str, board: panels.Dashboard, prometheus: Prometheus) -> str:
    """A query as Grafana sends it when all values of each variable are chosen."""
    for variable in board.variables:
        values = prometheus.ask(f"label/{variable.name}/values", **{"match[]": variable.metric})
        expression = expression.replace(
            f"${variable.name}", "(" + "|".join(value.replace(".", "\\\\.") for value in values) + ")"
        )
    return expression.replace("$__rate_interval", "20s")


def look(
    expression: str, may_be_empty: bool, deadline: float, board: panels.Dashboard, prometheus: Prometheus
) -> tuple[str, bool]:
    """What a query finds, and whether that is right."""
    while True:
        try:
            series = prometheus.query(filled(expression, board, prometheus))
        except ValueError as error:
            return f"INVALID: {error}", False
        # NaN is a division by nothing: Grafana shows a gap.
        found = [each for each in series if each["value"][1] != "NaN"]
        if found or may_be_empty:
            return f"{len(found)} series", True
        if time.monotonic() > deadline:
            return "EMPTY", False
        time.sleep(1)


def check_panels(prometheus: Prometheus) -> bool:
    is_right = True
    deadline = time.monotonic() + PATIENCE
    print(f"\n{'dashboard':<14} {'panel':<34} found")
    for board in panels.DASHBOARDS:
        for panel in (panel for row in board.rows.values() for panel in row):
            found = [look(query.expr, bool(panel.may_be_empty), deadline, board, prometheus) for query in panel.queries]
            is_right &= all(right for _, right in found)
            note = f" ({panel.may_be_empty})" if panel.may_be_empty else ""
            print(f"{board.title:<14} {panel.title:<34} {', '.join(text for text, _ in found)}{note}")
    nothing = panels.Dashboard("", "", {})
    for group in yaml.safe_load((MONITORING / "rules" / "recording.yml").read_text())["groups"]:
        for rule in group["rules"]:
            text, right = look(rule["record"], False, deadline, nothing, prometheus)
            is_right &= right
            print(f"{'(recorded)':<14} {rule['record']:<70} {text}")
    return is_right


def check_metrics(lab: Lab) -> bool:
    """Every service's metrics in both formats, read by programs that are not ours."""
    is_right = True
    print(f"\n{'service':<14} metrics")
    for name, service in lab.services.items():
        families = list(
            text_string_to_metric_families(get(f"{service.url}/metrics", Accept="application/openmetrics-text"))
        )
        mute = [family.name for family in families if not family.documentation]
        # Naming and units, as Prometheus wants them.
        lint = subprocess.run(
            ["promtool", "check", "metrics"], input=get(f"{service.url}/metrics"), text=True, capture_output=True
        )
        complaints = (lint.stdout + lint.stderr).strip()
        is_right &= not mute and not complaints
        print(f"{name:<14} {len(families)}, without help: {mute or 'none'}, promtool: {complaints or 'no complaints'}")
    return is_right


def main() -> None:
    with Lab(Path(sys.argv[1]), FACTOR) as lab:
        # Both, whatever the first finds.
        results = [check_panels(lab.prometheus), check_metrics(lab)]
        firing = lab.prometheus.firing()
        print(f"\nalerts that fire: {sorted(firing) or 'none'}")
    sys.exit(0 if all(results) and not firing else 1)


if __name__ == "__main__":
    main()
