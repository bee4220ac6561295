// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What came of a value of the answer.
struct Completion: Sendable {
    /// `nil` when it has to be null and must not be: then what is around it has to.
    var value: ResponseValue?
    /// The errors at the value and inside, their paths as far as up to it.
    var errors: [GraphQLError] = []

    /// The value as an element of what is around it: null stays where the type allows it, and errors learn where they are.
    func placed(at element: PathElement, as type: TypeReference) -> Completion {
        var placed = self
        if placed.value == nil, !type.isNonNull { placed.value = .null }
        for index in placed.errors.indices { placed.errors[index].reversedPath.append(element) }
        return placed
    }
}
