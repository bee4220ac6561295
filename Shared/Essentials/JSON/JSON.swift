// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// A strict reader of JSON text (RFC 8259).
///
/// Strict means: UTF-8 only and no byte order mark, no duplicate names, no lone surrogates, nothing behind the value,
/// bounded nesting. What it accepts every other reader understands in the same way.
public enum JSON {
    /// How deep arrays and objects may be nested unless the caller says otherwise.
    public static let defaultDepthLimit = 32

    /// Reads one value.
    ///
    /// - Parameters:
    ///   - bytes: the whole text; the caller has bounded its size.
    ///   - depthLimit: how many arrays and objects may be open at once, 1 to 512.
    /// - Throws: the first error with its place.
    public static func parse(
        _ bytes: [UInt8], depthLimit: Int = defaultDepthLimit
    ) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, depthLimit: min(max(depthLimit, 1), 512))
        return try parser.parseDocument()
    }

    /// Reads an object; `nil` when the text is valid but another kind of value.
    ///
    /// - Throws: the first error with its place.
    public static func parseObject(
        _ bytes: [UInt8], depthLimit: Int = defaultDepthLimit
    ) throws(JSONSyntaxError) -> JSONObject? {
        guard case .object(let object) = try parse(bytes, depthLimit: depthLimit) else { return nil }
        return object
    }
}
