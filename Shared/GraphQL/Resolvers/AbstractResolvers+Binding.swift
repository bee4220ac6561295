// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension AbstractResolvers: AbstractBinding {
    var source: ObjectIdentifier { ObjectIdentifier(Source.self) }

    var types: [(name: String, source: ObjectIdentifier)] { cases.map { ($0.type, $0.source) } }

    func split(_ objects: any ObjectList) -> [(type: String, indexes: [Int], objects: any ObjectList)] {
        let sources = (objects as? Objects<Source>)?.elements ?? []
        return cases.compactMap { found in
            let (indexes, objects) = found.select(sources)
            return indexes.isEmpty ? nil : (found.type, indexes, objects)
        }
    }
}
