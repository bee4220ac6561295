// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The labels of a series, sorted, with valid names.
struct LabelSet: Hashable, Sendable {
    struct Label: Hashable, Sendable {
        let name: String
        let value: String
    }

    let labels: [Label]

    init(_ dimensions: [(String, String)]) {
        var labels: [Label] = []
        for (name, value) in dimensions {
            let name = ExpositionText.labelName(name)
            // The text format forbids a name twice; the last one counts.
            labels.removeAll { $0.name == name }
            labels.append(Label(name: name, value: value))
        }
        self.labels = labels.sorted { $0.name < $1.name }
    }

    private init(labels: [Label]) { self.labels = labels }

    /// The same names, each with the value `other`.
    var overflow: LabelSet { LabelSet(labels: labels.map { Label(name: $0.name, value: "other") }) }
}
