// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What this process's own metrics say, read as Prometheus reads them: by their names, whoever counts.
struct OwnFigures: Sendable {
    private var samples: [(name: Substring, labels: [(Substring, Substring)], value: Double)] = []

    /// Reads the text format (Prometheus, "Exposition formats").
    init(_ text: [UInt8]) {
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            if let sample = Self.parse(line) { samples.append(sample) }
        }
    }

    private static func parse(
        _ line: Substring
    ) -> (name: Substring, labels: [(Substring, Substring)], value: Double)? {
        let name = line.prefix { $0 != "{" && $0 != " " }
        var rest = line.dropFirst(name.count)
        var labels: [(Substring, Substring)] = []
        if rest.first == "{" {
            rest = rest.dropFirst()
            while let character = rest.first, character != "}" {
                let label = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(label.count + 2)
                // Values of interest have nothing to escape; an escaped quotation mark does not end one.
                var isEscaped = false
                let value = rest.prefix { character in
                    defer { isEscaped = character == "\\" && !isEscaped }
                    return character != "\"" || isEscaped
                }
                labels.append((label, value))
                rest = rest.dropFirst(value.count + 1)
                if rest.first == "," { rest = rest.dropFirst() }
            }
            rest = rest.dropFirst()
        }
        // What stands behind the value is a time, or an exemplar.
        return rest.split(separator: " ").first.flatMap { Double($0) }.map { (name, labels, $0) }
    }

    /// The sum of a metric's series.
    ///
    /// - Parameter isWanted: decides by a label's value, which is empty where there is no such label.
    func sum(_ name: String, where label: String = "", _ isWanted: (Substring) -> Bool = { _ in true }) -> Double {
        samples.filter { sample in
            sample.name == name && isWanted(sample.labels.first { $0.0 == label }?.1 ?? "")
        }.reduce(0) { $0 + $1.value }
    }

    /// A metric of one read model; `nil` when it has none.
    func value(_ name: String, of readModel: String) -> Double? {
        samples.first { sample in
            sample.name == name && sample.labels.contains { $0.0 == "read_model" && $0.1 == readModel }
        }?.value
    }

    /// Requests for what is stored: neither probes, nor pages, nor this console.
    var reads: Double {
        samples.lazy.filter { sample in
            guard sample.name == "http_server_requests_total" else { return false }
            let labels = Dictionary(sample.labels) { first, _ in first }
            guard labels["method"] == "GET", let route = labels["route"] else { return false }
            return !Self.others.contains(String(route)) && !route.hasPrefix("/console")
        }.reduce(0) { $0 + $1.value }
    }

    private static let others: Set<String> = [
        "/", "/live", "/ready", "/health", "/metrics", "/docs", "/openapi.json", "unmatched",
    ]
}
