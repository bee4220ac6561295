#!/usr/bin/env python3
# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""dashboards.py DIRECTORY: writes Grafana's dashboards there, as JSON, from what panels.py says.

What is committed in grafana/dashboards is what this writes: change panels.py, and run

    deploy/monitoring/dashboards.py deploy/monitoring/grafana/dashboards

with the packages of requirements.txt.
"""

import json
import sys
from itertools import count
from pathlib import Path

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as models

import panels

# A variable, so that the dashboards work with whatever the data source is called.
SOURCE = models.DataSourceRef(type_val="prometheus", uid="${datasource}")


def target(query: panels.Query, index: int, is_number: bool) -> prometheus.Dataquery:
    built = prometheus.Dataquery().expr(query.expr).ref_id(chr(ord("A") + index)).datasource(SOURCE)
    if query.legend:
        built.legend_format(query.legend)
    # A curve asks for the traces behind its values, too: histograms have exemplars.
    return built if is_number else built.range().exemplar("_bucket" in query.expr)


def alarming() -> dashboard.ThresholdsConfig:
    steps = [models.Threshold(value=None, color="green"), models.Threshold(value=1, color="red")]
    return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(steps)


def picture(panel: panels.Panel) -> stat.Panel | timeseries.Panel:
    if panel.is_number:
        built = stat.Panel().color_mode(
            options.BigValueColorMode.BACKGROUND if panel.is_alarming else options.BigValueColorMode.VALUE
        )
        if panel.is_alarming:
            built.thresholds(alarming())
    else:
        legend = common.VizLegendOptions().display_mode(options.LegendDisplayMode.LIST).show_legend(True)
        tooltip = common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI)
        built = timeseries.Panel().legend(legend.placement(options.LegendPlacement.BOTTOM)).tooltip(tooltip)
        built.fill_opacity(10).min(0)
    built.title(panel.title).description(panel.about).datasource(SOURCE).unit(panel.unit)
    built.span(panel.width).height(panel.height)
    for index, query in enumerate(panel.queries):
        built.with_target(target(query, index, panel.is_number))
    return built


def variables(board: panels.Dashboard) -> list:
    built = [dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus")]
    for variable in board.variables:
        built.append(
            dashboard.QueryVariable(variable.name)
            .label(variable.name.replace("_", " ").capitalize())
            .datasource(SOURCE)
            .query(variable.query)
            .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(models.VariableSort.ALPHABETICAL_ASC)
            .multi(True)
            .include_all(True)
            .current(models.VariableOption(selected=True, text=["All"], value=["$__all"]))
        )
    return built


def make(board: panels.Dashboard) -> str:
    built = (
        dashboard.Dashboard(f"CQRS: {board.title}")
        .uid(f"swift-cqrs-{board.name}")
        .description(board.about)
        .tags(["swift-cqrs"])
        .time("now-1h", "now")
        .refresh("10s")
        .timezone("browser")
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .variables(variables(board))
        .link(
            dashboard.DashboardLink("CQRS")
            .type(models.DashboardLinkType.DASHBOARDS)
            .tags(["swift-cqrs"])
            .as_dropdown(True)
            .keep_time(True)
        )
    )
    numbers = count(1)
    for title, row in board.rows.items():
        built.with_row(dashboard.Row(title).id(next(numbers)))
        for panel in row:
            built.with_panel(picture(panel).id(next(numbers)))
    return json.dumps(built.build(), cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for board in panels.DASHBOARDS:
        Path(sys.argv[1], f"{board.name}.json").write_text(make(board))


if __name__ == "__main__":
    main()
