// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

/// Members that are values of a context, which say themselves what is wrong with them.
extension JSONFields {
    /// A value made of a string that must be there. Returns `nil` after noting an error.
    public mutating func string<Value, Flaw: ExplainedFlaw>(
        _ name: String, _ make: (String) throws(Flaw) -> Value
    ) -> Value? {
        string(name).flatMap { self.make(name, $0, make) }
    }

    /// A value made of a string that may be absent. Returns `nil` when it is, or after noting an error; `null` is an error.
    public mutating func optionalString<Value, Flaw: ExplainedFlaw>(
        _ name: String, _ make: (String) throws(Flaw) -> Value
    ) -> Value? {
        optionalString(name).flatMap { self.make(name, $0, make) }
    }

    /// A value made of a whole number that must be there. Returns `nil` after noting an error.
    public mutating func integer<Value, Flaw: ExplainedFlaw>(
        _ name: String, _ make: (Int) throws(Flaw) -> Value
    ) -> Value? {
        integer(name).flatMap { self.make(name, $0, make) }
    }

    /// A value made of a whole number that may be absent. Returns `nil` when it is, or after noting an error; `null` is an error.
    public mutating func optionalInteger<Value, Flaw: ExplainedFlaw>(
        _ name: String, _ make: (Int) throws(Flaw) -> Value
    ) -> Value? {
        contains(name) ? integer(name, make) : nil
    }

    private mutating func make<Input, Value, Flaw: ExplainedFlaw>(
        _ name: String, _ input: Input, _ make: (Input) throws(Flaw) -> Value
    ) -> Value? {
        do throws(Flaw) {
            return try make(input)
        } catch {
            refuse(name, error.explanation)
            return nil
        }
    }
}
