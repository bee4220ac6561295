// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials

extension QueryParameters {
    /// A value made of a parameter's text, which says itself what is wrong with it. Returns `nil` when there is none, or after
    /// noting an error.
    public mutating func string<Value, Flaw: ExplainedFlaw>(
        _ name: String, _ make: (String) throws(Flaw) -> Value
    ) -> Value? {
        guard let text = string(name) else { return nil }
        do throws(Flaw) {
            return try make(text)
        } catch {
            refuse(name, error.explanation)
            return nil
        }
    }
}
