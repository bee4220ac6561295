// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// `Accept-Encoding` (RFC 9110 §12.5.3).
enum AcceptEncoding {
    /// Whether a client would rather have gzip than nothing. Without the field it has not said so.
    static func prefersGzip(_ field: String?) -> Bool {
        var weights: [String: Double] = [:]
        for member in (field ?? "").lowercased().split(separator: ",") {
            let parts = member.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
            // What is no number is no consent.
            weights[coding] = weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
        let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
        return gzip > 0 && gzip >= weights["identity"] ?? 0
    }
}
