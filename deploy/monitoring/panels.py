# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""What the dashboards show, as plain values: dashboards.py makes Grafana's JSON of them, and the checks run their queries.

No panel names a context or a read model: those are labels, and labels are variables of a dashboard.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Query:
    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    title: str
    about: str
    queries: list[Query]
    # As Grafana calls them: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options
    unit: str = "short"
    # One number instead of a curve.
    is_number: bool = False
    # For numbers that ought to be 0: red from 1.
    is_alarming: bool = False
    width: int = 8
    height: int = 7
    # Why there may be nothing to show while all is well; the checks then look at the query alone.
    may_be_empty: str = ""


@dataclass(frozen=True)
class Variable:
    """A label of a metric, of which the user chooses some values or all."""

    name: str
    metric: str

    @property
    def query(self) -> str:
        return f"label_values({self.metric}, {self.name})"


@dataclass(frozen=True)
class Dashboard:
    title: str
    about: str
    rows: dict[str, list[Panel]]
    variables: list[Variable] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.title.lower().replace(" ", "-")


RATE = "[$__rate_interval]"
NO_ERRORS = "there are none while all is well"
NO_EXPORTER = "needs the exporter of MongoDB, which is not ours"


def rate(metric: str, by: str = "", selector: str = "") -> str:
    return f"sum{f' by ({by})' if by else ''} (rate({metric}{selector}{RATE}))"


def quantile(part: float, metric: str, by: str = "", selector: str = "") -> str:
    labels = f"{by}, le" if by else "le"
    return f"histogram_quantile({part}, sum by ({labels}) (rate({metric}_bucket{selector}{RATE})))"


def mean(metric: str, by: str, selector: str = "") -> str:
    return (
        f"sum by ({by}) (rate({metric}_sum{selector}{RATE}))"
        f" / (sum by ({by}) (rate({metric}_count{selector}{RATE})) > 0)"
    )


def number(title: str, about: str, expr: str, unit: str = "short", **rest) -> Panel:
    return Panel(title, about, [Query(expr)], unit, is_number=True, **{"width": 4, "height": 4} | rest)


def zero(title: str, about: str, expr: str, **rest) -> Panel:
    """A number that ought to be 0."""
    return number(title, about, expr, is_alarming=True, **rest)


def curves(title: str, about: str, *queries: Query, unit: str = "short", **rest) -> Panel:
    return Panel(title, about, list(queries), unit, **rest)


PROBES = "/|/live|/ready|/health|/metrics|/docs|/openapi.json"


def routes(job: str) -> list[Panel]:
    """Rate, errors and duration of a service's routes."""
    own = f'{{job="{job}",route!~"{PROBES}"}}'
    errors = f'{{job="{job}",status=~"5.."}}'
    return [
        curves(
            "Requests by route",
            "Answered requests a second.",
            Query(rate("http_server_requests_total", "method, route", own), "{{method}} {{route}}"),
            unit="reqps",
        ),
        curves(
            "Errors by route",
            "Answers with a status of 5xx a second; /ready answers 503 while the service is not ready.",
            Query(
                rate("http_server_requests_total", "method, route, status", errors), "{{status}} {{method}} {{route}}"
            ),
            unit="reqps",
            may_be_empty=NO_ERRORS,
        ),
        curves(
            "Duration by route, 99 %",
            "To the head of the answer. A query that waits for a version is among them.",
            Query(quantile(0.99, "http_server_request_duration_seconds", "method, route", own), "{{method}} {{route}}"),
            unit="s",
        ),
    ]


def process(job: str) -> list[Panel]:
    """What a service takes of its machine."""
    own = f'{{job="{job}"}}'
    return [
        curves(
            "Processor",
            "Processors in use by each instance.",
            Query(rate("process_cpu_seconds_total", "instance", own), "{{instance}}"),
        ),
        curves(
            "Memory",
            "Resident memory of each instance.",
            Query(f"process_resident_memory_bytes{own}", "{{instance}}"),
            unit="bytes",
        ),
        curves(
            "Connections and requests",
            "Open connections, requests under way, and open files with their limit.",
            Query(f"http_connections_open{own}", "connections {{instance}}"),
            Query(f"http_server_requests_in_flight{own}", "requests {{instance}}"),
            Query(f"process_open_fds{own}", "files {{instance}}"),
            Query(f"process_max_fds{own}", "most files {{instance}}"),
        ),
    ]


COMMANDS = f'{{job="command-api",method!="GET",status=~"2..",route!~"{PROBES}"}}'
QUERIES = f'{{job="query-api",route!~"{PROBES}"}}'

SYSTEM = Dashboard(
    "System",
    "The flow from a command to what is visible of it, on one screen; below it what should be 0.",
    {
        "Flow": [
            number(
                "Commands",
                "Commands carried out a second.",
                rate("http_server_requests_total", selector=COMMANDS),
                "reqps",
            ),
            number(
                "Waiting for the broker", "Events appended and not yet published.", "sum(cqrs_relay_backlog_events)"
            ),
            number(
                "Published", "Events that the broker has confirmed a second.", rate("cqrs_relay_published_total"), "eps"
            ),
            number(
                "Waiting for read models",
                "Messages in all queues of read models or in hand.",
                "sum(max by (projection) (cqrs_projection_lag_events))",
            ),
            number(
                "Applied",
                "Events applied by all read models a second.",
                rate("cqrs_projection_events_applied_total"),
                "eps",
            ),
            number(
                "Queries", "Queries answered a second.", rate("http_server_requests_total", selector=QUERIES), "reqps"
            ),
            curves(
                "Events on their way",
                "Each event is applied by every read model that wants it.",
                Query(rate("cqrs_appends_total", selector='{outcome="appended"}'), "appended (commits)"),
                Query(rate("cqrs_relay_published_total"), "published"),
                Query(rate("cqrs_projection_events_applied_total", "projection"), "applied: {{projection}}"),
                unit="eps",
            ),
            curves(
                "Time on the way, 99 %",
                "Of a command, from its event's record to its being applied, and to a query-api's being told.",
                Query(
                    quantile(
                        0.99,
                        "http_server_request_duration_seconds",
                        selector=f'{{job="command-api",method!="GET",route!~"{PROBES}"}}',
                    ),
                    "command",
                ),
                Query(quantile(0.99, "cqrs_projection_lag_seconds", "projection"), "applied: {{projection}}"),
                Query(quantile(0.99, "cqrs_near_cache_lag_seconds", "read_model"), "told: {{read_model}}"),
                unit="s",
            ),
            curves(
                "Queries from memory",
                "The part of the look-ups that touched no database.",
                Query(
                    f"sum by (read_model) (rate(cqrs_near_cache_hits_total{RATE})) / (sum by (read_model) ("
                    f"rate(cqrs_near_cache_hits_total{RATE}) + rate(cqrs_near_cache_misses_total{RATE})"
                    f" + rate(cqrs_near_cache_bypasses_total{RATE})) > 0)",
                    "{{read_model}}",
                ),
                unit="percentunit",
            ),
        ],
        "Should be 0": [
            zero("Not ready", "Services that lack something they need.", "count(service_ready == 0) or vector(0)"),
            zero("Away", "Targets that Prometheus cannot reach.", "count(up == 0) or vector(0)"),
            zero("Set aside", "Events that the broker does not take.", "sum(cqrs_relay_set_aside_events)"),
            zero(
                "Stopped streams",
                "Streams that wait for an event that cannot be applied.",
                "sum(cqrs_projection_stopped_streams)",
            ),
            zero(
                "Dead letters",
                "Messages in the dead letter queues.",
                'sum(max by (queue) (rabbitmq_detailed_queue_messages{queue=~".+[.]dead"}))',
            ),
            zero(
                "Caches on their own",
                "Near caches that are not told of changes.",
                "count(cqrs_near_cache_following == 0) or vector(0)",
            ),
        ],
        "Services": [
            curves(
                "Dependencies",
                "1 while what a service depends on can be used.",
                Query("min by (job, dependency) (service_dependency_ready)", "{{job}}: {{dependency}}"),
            ),
            curves(
                "Errors by route",
                "Answers with a status of 5xx a second.",
                Query(
                    rate("http_server_requests_total", "job, method, route, status", '{status=~"5.."}'),
                    "{{job}} {{status}} {{method}} {{route}}",
                ),
                unit="reqps",
                may_be_empty=NO_ERRORS,
            ),
            curves(
                "Alerts",
                "What fires, or is about to.",
                Query("ALERTS", "{{alertname}} {{alertstate}}"),
                may_be_empty=NO_ERRORS,
            ),
        ],
    },
)

COMMAND_SIDE = Dashboard(
    "Command side",
    "command-api: commands, the event store, and the relay that publishes.",
    {
        "Commands": routes("command-api"),
        "Event store": [
            curves(
                "Appends by outcome",
                "A conflict is tried again; claim-taken is an address or key that somebody else has.",
                Query(rate("cqrs_appends_total", "outcome"), "{{outcome}}"),
                unit="ops",
            ),
            curves(
                "Appends written together",
                "How many share one write on average; more under load.",
                Query(mean("cqrs_append_batch_size", "instance"), "{{instance}}"),
            ),
            curves(
                "Idempotency keys forgotten",
                "Keys removed because their time was over.",
                Query(rate("cqrs_idempotency_keys_forgotten_total", "instance"), "{{instance}}"),
                unit="ops",
            ),
        ],
        "Relay": [
            curves(
                "Backlog",
                "Events appended and not yet published.",
                Query("cqrs_relay_backlog_events", "{{instance}}"),
                Query("cqrs_relay_set_aside_events", "of them set aside {{instance}}"),
            ),
            curves(
                "Age of the backlog",
                "How long the oldest of them has waited.",
                Query("cqrs_relay_backlog_age_seconds", "{{instance}}"),
                unit="s",
            ),
            curves(
                "Publishing",
                "Events confirmed by the broker, attempts that failed, and writers taken over from an instance that died.",
                Query(rate("cqrs_relay_published_total", "instance"), "published {{instance}}"),
                Query(rate("cqrs_relay_publish_failures_total", "instance"), "failed {{instance}}"),
                Query(rate("cqrs_relay_takeovers_total", "instance"), "taken over {{instance}}"),
                unit="ops",
            ),
            curves(
                "Waiting for the broker",
                "1 while the relay takes the broker to be away.",
                Query("cqrs_relay_circuit_open", "{{instance}}"),
            ),
        ],
        "Process": process("command-api"),
    },
)

P = '{projection=~"$projection"}'
PROJECTIONS = Dashboard(
    "Projections",
    "The consumer: how each read model follows the events.",
    {
        "Following": [
            curves(
                "Events applied",
                "Events that the read model reflects, a second.",
                Query(rate("cqrs_projection_events_applied_total", "projection", P), "{{projection}}"),
                unit="eps",
            ),
            curves(
                "Lag in time",
                "From an event's record to its being applied.",
                Query(quantile(0.5, "cqrs_projection_lag_seconds", "projection", P), "50 % {{projection}}"),
                Query(quantile(0.99, "cqrs_projection_lag_seconds", "projection", P), "99 % {{projection}}"),
                unit="s",
            ),
            curves(
                "Lag in messages",
                "Messages in the queue or in hand.",
                Query(f"max by (projection) (cqrs_projection_lag_events{P})", "{{projection}}"),
            ),
            curves(
                "Messages written together",
                "How many share one write on average.",
                Query(mean("cqrs_projection_batch_size", "projection", P), "{{projection}}"),
            ),
            curves(
                "Repeats and repairs",
                "Repeated messages; events read from the event store because no message brought them; documents made anew.",
                Query(rate("cqrs_projection_deliveries_ignored_total", "projection", P), "ignored {{projection}}"),
                Query(rate("cqrs_projection_events_healed_total", "projection", P), "healed {{projection}}"),
                Query(rate("cqrs_projection_documents_remade_total", "projection", P), "made anew {{projection}}"),
                unit="ops",
            ),
            curves(
                "Pauses",
                "Attempts that met a database or broker that was away.",
                Query(rate("cqrs_projection_pauses_total", "projection", P), "{{projection}}"),
                unit="ops",
            ),
        ],
        "Trouble": [
            curves(
                "Stopped streams",
                "Streams whose next event cannot be applied.",
                Query(f"sum by (projection) (cqrs_projection_stopped_streams{P})", "{{projection}}"),
            ),
            curves(
                "Messages retried",
                "Sent to a retry queue.",
                Query(rate("cqrs_projection_deliveries_retried_total", "projection", P), "{{projection}}"),
                unit="ops",
            ),
            curves(
                "Messages put aside",
                "Dead letters by reason.",
                Query(
                    f"sum by (projection, reason) (increase(cqrs_projection_dead_letters_total{P}{RATE}))",
                    "{{projection}} {{reason}}",
                ),
            ),
            curves(
                "Streams whose messages were lost",
                "Their events were applied from the event store.",
                Query(f"sum by (projection) (increase(cqrs_projection_streams_lost_total{P}{RATE}))", "{{projection}}"),
            ),
        ],
        "Process": process("consumer"),
    },
    [Variable("projection", "cqrs_projection_lag_events")],
)

R = '{read_model=~"$read_model"}'
QUERY_SIDE = Dashboard(
    "Query side",
    "query-api: queries, answers from memory, and who is told of changes.",
    {
        "Queries": routes("query-api"),
        "Near cache": [
            curves(
                "Where answers come from",
                "Memory; the database; the database because nobody tells of changes; memory that cannot be checked.",
                Query(rate("cqrs_near_cache_hits_total", "read_model", R), "hit {{read_model}}"),
                Query(rate("cqrs_near_cache_misses_total", "read_model", R), "miss {{read_model}}"),
                Query(rate("cqrs_near_cache_bypasses_total", "read_model", R), "bypass {{read_model}}"),
                Query(rate("cqrs_near_cache_stale_answers_total", "read_model", R), "stale {{read_model}}"),
                unit="ops",
            ),
            curves(
                "Following the changes",
                "1 while the cache is told of changes.",
                Query(f"min by (instance, read_model) (cqrs_near_cache_following{R})", "{{read_model}} {{instance}}"),
            ),
            curves(
                "Changes told",
                "A second, and how often the feed was opened and the cache began empty.",
                Query(rate("cqrs_near_cache_changes_total", "read_model", R), "changes {{read_model}}"),
                Query(rate("cqrs_near_cache_feed_openings_total", "read_model", R), "openings {{read_model}}"),
                unit="ops",
            ),
            curves(
                "Time until told, 99 %",
                "From an event's record to its change being told.",
                Query(quantile(0.99, "cqrs_near_cache_lag_seconds", "read_model", R), "{{read_model}}"),
                unit="s",
            ),
            curves(
                "Memory of the caches",
                "What the entries take, about.",
                Query(f"sum by (instance, read_model) (cqrs_near_cache_bytes{R})", "{{read_model}} {{instance}}"),
                unit="bytes",
            ),
            curves(
                "Entries",
                "In memory, and how many leave for want of room or were outdated while they were read.",
                Query(f"sum by (read_model) (cqrs_near_cache_entries{R})", "entries {{read_model}}"),
                Query(rate("cqrs_near_cache_evictions_total", "read_model", R), "evicted a second {{read_model}}"),
                Query(
                    rate("cqrs_near_cache_readings_not_kept_total", "read_model", R), "not kept a second {{read_model}}"
                ),
            ),
            curves(
                "Waiting for a version",
                "Requests that wait now, that had to wait, and those of them that did not see it in time.",
                Query(f"sum by (read_model) (cqrs_near_cache_waiters{R})", "waiting {{read_model}}"),
                Query(rate("cqrs_near_cache_waits_total", "read_model", R), "waited a second {{read_model}}"),
                Query(rate("cqrs_near_cache_waits_in_vain_total", "read_model", R), "in vain a second {{read_model}}"),
            ),
        ],
        "GraphQL": [
            curves(
                "Requests that met errors",
                "A second, by what kind they were: of a field means that the rest was answered.",
                Query(rate("graphql_failures_total", "kind"), "{{kind}}"),
                unit="ops",
            ),
            curves(
                "Documents",
                "A second: those that had been read before, and those that had to be read.",
                Query(rate("graphql_document_cache_hits_total"), "known"),
                Query(rate("graphql_document_cache_misses_total"), "read"),
                unit="ops",
            ),
            curves(
                "Memory of the documents",
                "What those kept take, about.",
                Query("sum by (instance) (graphql_document_cache_bytes)", "{{instance}}"),
                unit="bytes",
            ),
        ],
        "Change streams": [
            curves(
                "Readers",
                "Clients that follow the changes.",
                Query(f"sum by (read_model) (cqrs_change_feed_readers{R})", "{{read_model}}"),
            ),
            curves(
                "Memory of the last changes",
                "What they take, about.",
                Query(f"sum by (read_model) (cqrs_change_feed_bytes{R})", "{{read_model}}"),
                unit="bytes",
            ),
            curves(
                "Readers that fell behind",
                "Pages read from the database for them, and places that could not be found any more.",
                Query(rate("cqrs_change_feed_pages_total", "read_model", R), "pages {{read_model}}"),
                Query(rate("cqrs_change_feed_losses_total", "read_model", R), "lost {{read_model}}"),
                unit="ops",
            ),
            curves(
                "Streams",
                "Open ones, and those refused because there were too many.",
                Query('http_streams_open{job="query-api"}', "open {{instance}}"),
                Query(
                    rate("http_streams_refused_total", "instance", '{job="query-api"}'), "refused a second {{instance}}"
                ),
            ),
        ],
        "Process": process("query-api"),
    },
    [Variable("read_model", "cqrs_near_cache_following")],
)

Q = '{queue=~"$queue"}'
BROKERS = Dashboard(
    "Brokers",
    "RabbitMQ, by its plugin rabbitmq_prometheus, and MongoDB, by percona/mongodb_exporter.",
    {
        "RabbitMQ": [
            curves(
                "Messages by queue",
                "Ready or in a consumer's hand.",
                Query(f"max by (queue) (rabbitmq_detailed_queue_messages{Q})", "{{queue}}"),
            ),
            curves(
                "Consumers by queue",
                "Nobody consumes retries and dead letters.",
                Query(f"max by (queue) (rabbitmq_detailed_queue_consumers{Q})", "{{queue}}"),
            ),
            curves(
                "Dead letters",
                "Messages in the dead letter queues, and events for which no queue is bound.",
                Query(
                    'max by (queue) (rabbitmq_detailed_queue_messages{queue=~".+[.]dead|domain_events[.]unrouted"})',
                    "{{queue}}",
                ),
            ),
            curves(
                "Messages",
                "Received from publishers, confirmed to them, delivered, acknowledged, and delivered again.",
                Query(rate("rabbitmq_global_messages_received_total"), "received"),
                Query(rate("rabbitmq_global_messages_confirmed_total"), "confirmed"),
                Query(rate("rabbitmq_global_messages_delivered_total"), "delivered"),
                Query(rate("rabbitmq_global_messages_acknowledged_total"), "acknowledged"),
                Query(rate("rabbitmq_global_messages_redelivered_total"), "delivered again"),
                unit="ops",
            ),
            curves(
                "Memory",
                "In use, and from where on publishers are blocked.",
                Query("rabbitmq_process_resident_memory_bytes", "in use {{instance}}"),
                Query("rabbitmq_resident_memory_limit_bytes", "limit {{instance}}"),
                unit="bytes",
            ),
            curves(
                "Disk",
                "Free, and below what publishers are blocked.",
                Query("rabbitmq_disk_space_available_bytes", "free {{instance}}"),
                Query("rabbitmq_disk_space_available_limit_bytes", "limit {{instance}}"),
                unit="bytes",
            ),
            curves(
                "Alarms",
                "1 while publishers are blocked.",
                Query("rabbitmq_alarms_memory_used_watermark", "memory {{instance}}"),
                Query("rabbitmq_alarms_free_disk_space_watermark", "disk {{instance}}"),
            ),
            curves(
                "Connections",
                "Of services and people.",
                Query("rabbitmq_connections", "connections {{instance}}"),
                Query("rabbitmq_channels", "channels {{instance}}"),
            ),
        ],
        "MongoDB": [
            curves(
                "State of the members",
                "1: primary, 2: secondary.",
                Query("mongodb_rs_myState", "{{instance}}"),
                may_be_empty=NO_EXPORTER,
            ),
            curves(
                "Operations",
                "By kind, a second.",
                Query(rate("mongodb_ss_opcounters", "legacy_op_type"), "{{legacy_op_type}}"),
                unit="ops",
                may_be_empty=NO_EXPORTER,
            ),
            curves(
                "Time for an operation",
                "On average, by kind.",
                Query(
                    f"sum by (op_type) (rate(mongodb_ss_opLatencies_latency{RATE}))"
                    f" / (sum by (op_type) (rate(mongodb_ss_opLatencies_ops{RATE})) > 0)",
                    "{{op_type}}",
                ),
                unit="µs",
                may_be_empty=NO_EXPORTER,
            ),
            curves(
                "Connections",
                "By state.",
                Query("sum by (conn_type) (mongodb_ss_connections)", "{{conn_type}}"),
                may_be_empty=NO_EXPORTER,
            ),
            curves(
                "Cache",
                "In use, and its size.",
                Query("mongodb_ss_wt_cache_bytes_currently_in_the_cache", "in use {{instance}}"),
                Query("mongodb_ss_wt_cache_maximum_bytes_configured", "size {{instance}}"),
                unit="bytes",
                may_be_empty=NO_EXPORTER,
            ),
        ],
    },
    [Variable("queue", "rabbitmq_detailed_queue_consumers")],
)

DASHBOARDS = [SYSTEM, COMMAND_SIDE, PROJECTIONS, QUERY_SIDE, BROKERS]
