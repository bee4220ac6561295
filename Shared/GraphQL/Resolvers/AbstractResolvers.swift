// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The object types of the values of one type of Swift that stand for objects of an interface or union.
public struct AbstractResolvers<Source: Sendable>: Sendable {
    private(set) var cases: [AbstractCase<Source>] = []

    /// The values that are of an object type.
    ///
    /// - Parameters:
    ///   - name: the object type.
    ///   - cast: the value as what stands for objects of that type, or `nil` when it is of another.
    public mutating func type<Object: Sendable>(
        _ name: String, _ cast: @escaping @Sendable (Source) -> Object?
    ) {
        cases.append(
            AbstractCase(
                type: name, source: ObjectIdentifier(Object.self),
                select: { sources in
                    let found = sources.enumerated().compactMap { index, source in cast(source).map { (index, $0) } }
                    return (found.map(\.0), Objects(elements: found.map(\.1)))
                }))
    }
}
