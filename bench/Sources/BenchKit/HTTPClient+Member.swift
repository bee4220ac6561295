// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension HTTPClient.Completion {
    /// The value of a member of the object in the body, a text without its quotes; `nil` when there is none.
    ///
    /// It knows no JSON but what answers to commands have: flat objects, and texts without commas, braces and escapes.
    public func member(_ name: String) -> String? {
        let key = Array("\"\(name)\":".utf8)
        guard let start = body.indices.first(where: { body[$0...].starts(with: key) }) else { return nil }
        let value = body[(start + key.count)...].prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        return String(decoding: value.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}
