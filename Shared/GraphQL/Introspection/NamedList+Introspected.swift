// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension NamedList {
    /// The elements as parts of a schema.
    func introspected(
        in schema: Schema, where isIncluded: (Element) -> Bool = { _ in true }
    ) -> [Introspected<Element>] {
        elements.compactMap { isIncluded($0) ? Introspected(value: $0, schema: schema) : nil }
    }
}
