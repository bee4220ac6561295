// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What is measured: a name that stays, so that results of different days can be compared.
struct Metric: Hashable, Sendable {
    let name: String
    let unit: Unit
    /// The names of the metrics that bound it.
    let limits: [String]

    enum Unit: String, Sendable {
        case perSecond = "/s"
        case milliseconds = "ms"
        case seconds = "s"
        case mebibytes = "MiB"
        case microseconds = "µs"
        case requests
    }

    init(_ name: String, _ unit: Unit, of limits: Metric...) {
        self.name = name
        self.unit = unit
        self.limits = limits.map(\.name)
    }
}

/// One value of a metric.
struct Reading: Sendable {
    let metric: Metric
    let value: Double

    init(_ metric: Metric, _ value: Double) {
        self.metric = metric
        self.value = value
    }
}

extension Metric {
    // Limits.
    static let nioGets = Metric("SwiftNIO alone, GET", .perSecond)
    static let nioPosts = Metric("SwiftNIO alone, POST", .perSecond)
    static let hummingbirdGets = Metric("Hummingbird alone, GET", .perSecond)
    static let hummingbirdPosts = Metric("Hummingbird alone, POST", .perSecond)
    static func confirms(window: Int) -> Metric { Metric("librabbitmq confirms, window \(window)", .perSecond) }
    private static func mongo(_ what: String, _ threads: Int) -> Metric {
        Metric("libmongoc \(what), \(threads) thread\(threads == 1 ? "" : "s")", .perSecond)
    }
    static func finds(threads: Int) -> Metric { mongo("find-one", threads) }
    static func inserts(threads: Int) -> Metric { mongo("bulk insert", threads) }
    static func upserts(threads: Int) -> Metric { mongo("bulk upsert", threads) }

    // The project.
    static func ready(_ service: Service.Name) -> Metric { Metric("\(service.rawValue) start to ready", .seconds) }
    static let accepted = Metric("commands accepted", .perSecond, of: hummingbirdPosts, inserts(threads: 2))
    static func accepted(queryServices count: Int) -> Metric {
        let name = "commands accepted, query services: \(count)"
        return count == 1
            ? Metric(name, .perSecond) : Metric(name, .perSecond, of: accepted(queryServices: 1))
    }
    static func cpu(_ process: String, queryServices count: Int) -> Metric {
        let name = "CPU per user, \(process), query services: \(count)"
        return count == 1
            ? Metric(name, .microseconds) : Metric(name, .microseconds, of: cpu(process, queryServices: 1))
    }
    /// With some of the traces recorded, of none.
    private static func traced(_ what: String, _ unit: Unit, _ share: TracedShare) -> Metric {
        let name = "\(what), traced: \(share.rawValue)"
        return share == .none ? Metric(name, unit) : Metric(name, unit, of: traced(what, unit, .none))
    }
    static func accepted(_ share: TracedShare) -> Metric { traced("commands accepted", .perSecond, share) }
    static func hotGets(_ share: TracedShare) -> Metric { traced("GET hot", .perSecond, share) }
    static func postCPU(_ share: TracedShare) -> Metric { traced("CPU per user, command-api", .microseconds, share) }
    static func getCPU(_ share: TracedShare) -> Metric { traced("CPU per GET, query-api", .microseconds, share) }
    static func exported(_ share: TracedShare) -> Metric {
        Metric("spans taken, traced: \(share.rawValue)", .perSecond)
    }
    static func dropped(_ share: TracedShare) -> Metric { Metric("spans lost, traced: \(share.rawValue)", .perSecond) }
    static let unlimitedGets = Metric("GET hot, no rate limit", .perSecond)
    static let limitedGets = Metric("GET hot, within a rate limit", .perSecond, of: unlimitedGets)
    static let requestsDue = Metric("of 10,000 clients, within their limits", .requests)
    static let requestsAnswered = Metric("of 10,000 clients, answered", .requests, of: requestsDue)
    static let memoryBeforeClients = Metric("memory, query-api, before 10,000 clients", .mebibytes)
    static let memoryWithClients = Metric(
        "memory, query-api, with 10,000 clients", .mebibytes, of: memoryBeforeClients)
    static let endToEnd = Metric("users end to end", .perSecond, of: confirms(window: 1024), inserts(threads: 2))
    static func cpu(_ process: String) -> Metric { Metric("CPU per user, \(process)", .microseconds) }
    static let hotGets = Metric("GET hot", .perSecond, of: hummingbirdGets, nioGets)
    static let coldGets = Metric("GET cold", .perSecond, of: finds(threads: 8), hummingbirdGets)
    static func percentile(_ name: String, _ what: String, at rate: Double) -> Metric {
        Metric("\(what) at \(Int(rate))/s, \(name)", .milliseconds)
    }
    static let caughtUp = Metric("catch-up, events", .perSecond, of: inserts(threads: 2), upserts(threads: 2))
    static let rebuilt = Metric("rebuild, events filled", .perSecond, of: inserts(threads: 2))
    static let switched = Metric("rebuild, until it serves", .seconds)
    static let imported = Metric("import, users", .perSecond, of: inserts(threads: 2))
    static func memory(_ process: String) -> Metric { Metric("memory, \(process)", .mebibytes) }
}
