// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What each metric of the kit is about, by its full name: the only place that says so.
public enum MetricHelp {
    /// The texts of `# HELP`.
    public static let texts = [
        // Health
        "service_ready": "1 while the service can take requests, as /ready says, else 0.",
        "service_dependency_ready":
            "1 while what the service depends on can be used, else 0; without what is required it is not ready.",
        // HTTP
        "http_connections_open": "Open connections.",
        "http_streams_open": "Answers without an end that are under way.",
        "http_streams_refused_total": "Streams refused because there were as many as there may be.",
        "http_server_requests_total": "Answered requests.",
        "http_server_request_duration_seconds": "Time from a request's head to the head of its answer.",
        "http_server_requests_in_flight": "Requests being handled now.",
        "http_server_failed_connections_total":
            "Connections ended with a problem that no handler made, by status: no HTTP, too slow, or too many.",
        // GraphQL
        "graphql_failures_total": "Requests that met errors, by what kind they were.",
        "graphql_document_cache_hits_total": "Requests whose document had been read before.",
        "graphql_document_cache_misses_total": "Requests whose document had to be read and validated.",
        "graphql_document_cache_bytes": "Memory that documents kept for the next request take, about.",
        // Tracing
        "otlp_spans_exported_total": "Spans that the collector has taken.",
        "otlp_spans_dropped_total": "Spans that it has not, by reason.",
        // Event store
        "cqrs_appends_total": "Appends to the event store, by what became of them.",
        "cqrs_append_batch_size": "Appends written together.",
        // Relay
        "cqrs_idempotency_keys_forgotten_total": "Idempotency keys removed because their time was over.",
        "cqrs_relay_backlog_events": "Events appended and not yet published.",
        "cqrs_relay_backlog_age_seconds": "Age of the oldest of them.",
        "cqrs_relay_set_aside_events":
            "Those among them that the broker does not take, or that follow such a one in their stream.",
        "cqrs_relay_circuit_open": "1 while the relay waits for the broker, else 0.",
        "cqrs_relay_published_total": "Events that the broker has confirmed.",
        "cqrs_relay_publish_failures_total": "Attempts to publish an event that failed.",
        "cqrs_relay_takeovers_total": "Writers that stopped without order and were taken over.",
        // Projections
        "cqrs_projection_events_applied_total": "Events that the read model reflects since the start.",
        "cqrs_projection_events_healed_total":
            "Those among them that were read from the event store because no message brought them.",
        "cqrs_projection_deliveries_ignored_total": "Messages that repeated what was applied already.",
        "cqrs_projection_deliveries_retried_total": "Messages sent to a retry queue.",
        "cqrs_projection_dead_letters_total": "Messages put aside, by reason.",
        "cqrs_projection_stopped_streams": "Streams whose next event this process could not apply.",
        "cqrs_projection_lag_seconds": "Time from an event's record to its being applied.",
        "cqrs_projection_lag_events": "Messages waiting in the queue or in hand.",
        "cqrs_projection_partitions": "Partitions of its queue that this process takes from.",
        "cqrs_projection_documents_remade_total":
            "Documents that were not made of the events in the event store, and were made anew.",
        "cqrs_projection_streams_lost_total":
            "Streams of which messages were lost in the broker; their events were applied from the event store.",
        "cqrs_projection_batch_size": "Messages written together.",
        "cqrs_projection_pauses_total": "Attempts that met a database or broker that was away.",
        // Near cache
        "cqrs_near_cache_hits_total": "Answers from memory.",
        "cqrs_near_cache_misses_total": "Answers that were not in memory.",
        "cqrs_near_cache_bypasses_total": "Answers from the read model because the feed of changes is broken.",
        "cqrs_near_cache_stale_answers_total": "Answers from memory that could not be checked: the read model is away.",
        "cqrs_near_cache_readings_not_kept_total": "Readings during which a change of what was read was told.",
        "cqrs_near_cache_evictions_total": "Entries that left for want of room.",
        "cqrs_near_cache_changes_total": "Changes told by the feed.",
        "cqrs_near_cache_feed_openings_total": "Times that the feed was opened, and the cache began empty.",
        "cqrs_near_cache_waits_total": "Requests that waited for a version.",
        "cqrs_near_cache_waits_in_vain_total": "Those among them that did not see it in time.",
        "cqrs_near_cache_entries": "Entries in memory.",
        "cqrs_near_cache_bytes": "Memory that they take, about.",
        "cqrs_near_cache_waiters": "Requests waiting for a version now.",
        "cqrs_near_cache_following": "1 while the cache follows the changes, else 0.",
        "cqrs_near_cache_lag_seconds": "Time from an event's record to its change being told.",
        // Change feed
        "cqrs_change_feed_readers": "Clients that follow the changes.",
        "cqrs_change_feed_bytes": "Memory that the last changes take, about.",
        "cqrs_change_feed_pages_total": "Pages read from the database for a client that memory had no changes for.",
        "cqrs_change_feed_losses_total": "Clients whose place could not be found any more.",
    ]
}
