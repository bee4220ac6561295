// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension String {
    /// The text with A to Z in lower case and everything else as it is: how protocols fold case (RFC 4343 §3 for domains,
    /// RFC 9110 for the words of HTTP).
    ///
    /// `lowercased()` follows all of Unicode, and maps U+212A, the Kelvin sign, onto the letter k.
    public func lowercasedASCII() -> String {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard utf8.contains(where: { capitals.contains($0) }) else { return self }
        return String(decoding: utf8.map { capitals.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
