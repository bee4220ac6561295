// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// `Accept-Encoding` (RFC 9110 §12.5.3).
enum AcceptEncoding {
    /// Whether a client would rather have gzip than nothing. Without the field it has not said so.
    static func prefersGzip(_ field: String?) -> Bool {
        let weights = Dictionary(WeightedMember.all(in: field).map { ($0.value, $0.weight) }) { $1 }
        let gzip = weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0
        return gzip > 0 && gzip >= weights["identity"] ?? 0
    }
}
