// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The errors that rules find, up to a limit.
struct ValidationReport {
    let source: SourceText
    let limits: DocumentLimits
    /// The rule that is looking.
    var rule = ValidationRuleName.executableDefinitions
    private(set) var errors: [GraphQLError] = []

    var isFull: Bool { errors.count >= limits.errors }

    init(source: SourceText, limits: DocumentLimits) {
        self.source = source
        self.limits = limits
    }

    mutating func add(_ message: String, at offsets: Int...) { add(message, at: offsets) }

    mutating func add(_ message: String, at offsets: [Int]) {
        guard !isFull else { return }
        errors.append(GraphQLError(.validation(rule), message, at: offsets, in: source))
    }
}
