// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension ObjectResolvers: ObjectBinding {
    var source: ObjectIdentifier { ObjectIdentifier(Source.self) }

    func output(of field: String) -> ObjectIdentifier? { fields[field]?.output }

    func isBatch(_ field: String) -> Bool { if case .batch? = fields[field]?.way { true } else { false } }

    func resolveImmediately(_ field: String, _ arguments: Arguments, of objects: any ObjectList) -> Resolution? {
        guard case .immediate(let resolve)? = fields[field]?.way else { return nil }
        return resolve(elements(of: objects), arguments)
    }

    func resolve(
        _ field: String, _ arguments: [Arguments], of objects: any ObjectList, _ context: Context
    ) async -> [Resolution] {
        let sources = elements(of: objects)
        switch fields[field]?.way {
        case .immediate(let resolve)?:
            return arguments.map { resolve(sources, $0) }
        case .deferred(let resolve)?:
            var resolutions: [Resolution] = []
            for arguments in arguments { resolutions.append(await resolve(sources, arguments, context)) }
            return resolutions
        case .batch(let resolve)?:
            let requests = arguments.flatMap { arguments in
                sources.map { FieldRequest(source: $0, arguments: arguments) }
            }
            return await resolve(requests, sources.count, context)
        case nil:
            // A schema with fields that nothing resolves is refused before.
            return arguments.map { _ in Resolution(sources.map { _ in String?.none }) }
        }
    }

    /// The bindings of types and fields have been compared when the schema was made executable.
    private func elements(of objects: any ObjectList) -> [Source] { (objects as? Objects<Source>)?.elements ?? [] }
}
