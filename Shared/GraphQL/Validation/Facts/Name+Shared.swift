// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension [Name] {
    /// The names that occur more than once, each with all its places, in the order of the first.
    var sharedNames: [[Name]] {
        guard count > 1 else { return [] }
        var groups: [[Name]] = []
        var indexes: [String: Int] = [:]
        for name in self {
            if let index = indexes[name.text] {
                groups[index].append(name)
            } else {
                indexes[name.text] = groups.count
                groups.append([name])
            }
        }
        return groups.filter { $0.count > 1 }
    }
}
