// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// Where a page begins, as an opaque text that fits into a URL as it is. Clients give back what they got.
///
/// It is neither secret nor signed: whoever changes one gets a page that begins elsewhere, or an error.
public enum PageCursor {
    /// The first byte; another one when the content changes, so that an old cursor is refused.
    private static let format = UInt8(ascii: "1")

    /// Writes the parts of a place in one text.
    ///
    /// - Parameter parts: without the character U+0000, but for the last.
    public static func encode(_ parts: [String]) -> String {
        // base64url of RFC 4648 §5, without padding.
        Data([format] + Array(parts.joined(separator: "\0").utf8)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The parts of a place.
    ///
    /// - Parameter count: how many there must be, at least 1.
    /// - Returns: `nil` for what ``encode(_:)`` would not write.
    public static func decode(_ text: String, parts count: Int) -> [String]? {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), data.first == format,
            let content = String(validating: data.dropFirst(), as: UTF8.self)
        else { return nil }
        let parts = content.unicodeScalars
            .split(separator: "\0", maxSplits: count - 1, omittingEmptySubsequences: false).map { String($0) }
        // One place has one text: base64 has others for the same bytes.
        guard parts.count == count, encode(parts) == text else { return nil }
        return parts
    }
}
