// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Reads the members of a request's JSON object one by one and remembers everything that is wrong.
///
/// Members nobody asked for are errors too: a misspelt name must not be dropped silently.
///
///     var fields = try JSONFields(parsing: bytes)
///     let name = fields.string("name")
///     let email = fields.string("email")
///     if let email, !isAddress(email) { fields.refuse("email", "must be an e-mail address") }
///     try fields.finish()
public struct JSONFields: Sendable {
    /// How many bytes a body usually may have: 16 KiB.
    public static let usualLimit = 16 << 10

    private let object: JSONObject
    private let parent: String
    private var asked: Set<ExactText> = []
    private var errors = FieldErrors()

    /// Reads from an object that was parsed before.
    ///
    /// - Parameter parent: the object's own JSON pointer, empty for the whole document.
    public init(_ object: JSONObject, at parent: String = "") {
        self.object = object
        self.parent = parent
    }

    /// Parses a document that must be an object.
    ///
    /// - Parameter line: which line of a longer text the document is, if it is one.
    /// - Throws: 400 `malformed-json` with the place, or 422 `invalid-fields` when it is another kind of value.
    public init(parsing bytes: [UInt8], inLine line: Int? = nil) throws(ProblemDetails) {
        let value: JSONValue
        do {
            value = try JSON.parse(bytes)
        } catch {
            throw ProblemDetails(line.map { error.inLine($0) } ?? error)
        }
        guard case .object(let object) = value else {
            throw ProblemDetails(
                .invalidFields, errors: [FieldError(pointer: "", detail: "must be an object, not \(value.kind)")])
        }
        self.init(object)
    }

    /// The number of members that were sent.
    public var count: Int { object.members.count }

    /// Whether a member was sent.
    public func contains(_ name: String) -> Bool { object[name] != nil }

    /// A member of any kind; `nil` when it is absent. Counts as asked for.
    public mutating func value(_ name: String) -> JSONValue? {
        asked.insert(ExactText(name))
        return object[name]
    }

    /// A string that must be there. Returns `nil` after noting an error.
    public mutating func string(_ name: String) -> String? {
        guard let value = value(name) else {
            refuse(name, "is required")
            return nil
        }
        return string(name, value)
    }

    /// A string that may be absent. Returns `nil` when it is, or after noting an error; `null` is an error.
    public mutating func optionalString(_ name: String) -> String? {
        value(name).flatMap { string(name, $0) }
    }

    /// A whole number that must be there and within `range`. Returns `nil` after noting an error.
    public mutating func integer(_ name: String, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        guard let value = value(name) else {
            refuse(name, "is required")
            return nil
        }
        guard case .number(let number) = value else {
            refuse(name, "must be a number, not \(value.kind)")
            return nil
        }
        guard let integer = number.integer, range.contains(integer) else {
            refuse(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return integer
    }

    /// A boolean that must be there. Returns `nil` after noting an error.
    public mutating func bool(_ name: String) -> Bool? {
        guard let value = value(name) else {
            refuse(name, "is required")
            return nil
        }
        guard case .bool(let bool) = value else {
            refuse(name, "must be a boolean, not \(value.kind)")
            return nil
        }
        return bool
    }

    /// Notes that a member is invalid.
    ///
    /// - Parameter detail: what is wrong, without the value.
    public mutating func refuse(_ name: String, _ detail: String) {
        errors.add(FieldError.pointer(parent, to: name), detail)
    }

    /// Notes that the object as a whole is invalid.
    ///
    /// - Parameter detail: what is wrong.
    public mutating func refuse(_ detail: String) { errors.add(parent, detail) }

    /// Ends the reading: every member nobody asked for becomes an error as well.
    ///
    /// - Throws: 422 `invalid-fields` with everything that was noted, unless there is nothing.
    public mutating func finish() throws(ProblemDetails) {
        for member in object.members where !asked.contains(ExactText(member.name)) {
            refuse(member.name, "is not a known field")
        }
        try errors.check()
    }

    private mutating func string(_ name: String, _ value: JSONValue) -> String? {
        guard case .string(let text) = value else {
            refuse(name, "must be a string, not \(value.kind)")
            return nil
        }
        // U+0000 is valid JSON, but C libraries behind us would cut the text there.
        guard !text.utf8.contains(0) else {
            refuse(name, "must not contain the character U+0000")
            return nil
        }
        return text
    }
}
