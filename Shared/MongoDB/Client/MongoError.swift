// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What went wrong, in a form to decide by.
///
/// ``description`` holds codes only and may be logged anywhere. ``debugDescription`` adds the driver's or server's
/// own text, which can quote documents: keep it out of logs that others read.
public struct MongoError: Error, Sendable {
    /// The kind of failure.
    public var code: Code
    /// The number that the server gave, such as 11000, if the failure came from the server.
    public var serverCode: Int32?
    /// The error labels of server and driver, such as `TransientTransactionError`.
    public var labels: Set<String>
    /// Whether a write may have been applied although it failed: the connection broke before the answer, or the write
    /// concern was not met. Repeat such a write only when the repeat is harmless, as with a unique `_id`.
    public var outcomeUnknown: Bool
    /// For a ``Code/duplicateKey``, the fields of the violated index. Not part of ``description``.
    public var keyPattern: BSONDocument? {
        get { details.keyPattern }
        set { details.keyPattern = newValue }
    }
    /// For a ``Code/duplicateKey``, the values that were there already: personal data, perhaps. Not part of
    /// ``description``.
    public var keyValue: BSONDocument? {
        get { details.keyValue }
        set { details.keyValue = newValue }
    }

    /// Behind a reference, so that the error itself stays small: typed errors are passed by value at every return.
    private var storage: Storage?

    /// What the driver or the server said. For texts that the caller is known to be allowed to see.
    var text: String { details.text }

    /// Words of our own, fit for ``description``.
    var hint: Hint? {
        get { details.hint }
        set { details.hint = newValue }
    }

    private struct Details: Sendable {
        var text = ""
        var hint: Hint?
        var keyPattern: BSONDocument?
        var keyValue: BSONDocument?
    }

    /// Immutable; replaced on change.
    private final class Storage: Sendable {
        let details: Details
        init(_ details: Details) { self.details = details }
    }

    private var details: Details {
        get { storage?.details ?? Details() }
        set { storage = Storage(newValue) }
    }

    /// Describes a failure.
    ///
    /// - Parameters:
    ///   - code: its kind.
    ///   - text: for ``debugDescription`` only.
    public init(
        _ code: Code, _ text: String = "", serverCode: Int32? = nil, labels: Set<String> = [],
        outcomeUnknown: Bool = false
    ) {
        self.code = code
        self.serverCode = serverCode
        self.labels = labels
        self.outcomeUnknown = outcomeUnknown
        if !text.isEmpty { details.text = text }
    }
}

extension MongoError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The codes, and where that helps what to look at, without any text from driver or server.
    public var description: String {
        var text = "MongoError(\(code)"
        if let serverCode { text += ", server code \(serverCode)" }
        if outcomeUnknown { text += ", outcome unknown" }
        text += ")"
        if let hint { text += ": \(hint.rawValue)" }
        return text
    }

    /// The codes and what driver or server said. May quote documents.
    public var debugDescription: String {
        let labelled = labels.isEmpty ? "" : " \(labels.sorted())"
        return "\(description)\(labelled)\(details.text.isEmpty ? "" : ": \(details.text)")"
    }
}
