// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// The fields of objects that values of one type of Swift stand for.
public struct ObjectResolvers<Context: Sendable, Source: Sendable>: Sendable {
    private(set) var fields: [String: FieldBinding<Context, Source>] = [:]

    /// A field that needs nothing but the object.
    public mutating func property<Output: FieldOutput>(
        _ name: String, _ resolve: @escaping @Sendable (Source) throws -> Output
    ) {
        property(name) { source, _ in try resolve(source) }
    }

    /// A field that needs nothing but the object and its arguments. Must not block: it runs where it is asked for.
    public mutating func property<Output: FieldOutput>(
        _ name: String, _ resolve: @escaping @Sendable (Source, Arguments) throws -> Output
    ) {
        fields[name] = FieldBinding(
            output: Output.self,
            .immediate { sources, arguments in
                Resolution(sources.map { source in Result { try resolve(source, arguments) } })
            })
    }

    /// A field that takes time. Those of one selection set, and of the objects of a list, are resolved at the same time, some of
    /// them: one query for each object. ``batch(_:_:)`` makes one query for all.
    public mutating func field<Output: FieldOutput>(
        _ name: String, _ resolve: @escaping @Sendable (Source, Arguments, Context) async throws -> Output
    ) {
        fields[name] = FieldBinding(
            output: Output.self,
            .deferred { sources, arguments, context in
                let outputs = await concurrently(sources, width: resolversAtATime) { source in
                    do {
                        return Result<Output, any Error>.success(try await resolve(source, arguments, context))
                    } catch {
                        return .failure(error)
                    }
                }
                return Resolution(outputs)
            })
    }

    /// A field that is looked up for many objects at once: all that the answer has at this place, and under all aliases.
    ///
    /// - Parameter resolve: returns an output for each request, in their order. An error thrown is every request's; an output that
    ///   is a `Result` can be a failure alone.
    public mutating func batch<Output: FieldOutput>(
        _ name: String,
        _ resolve: @escaping @Sendable ([FieldRequest<Source>], Context) async throws -> [Output]
    ) {
        fields[name] = FieldBinding(
            output: Output.self,
            .batch { requests, count, context in
                let outputs: [Result<Output, any Error>]
                do {
                    let found = try await resolve(requests, context)
                    guard found.count == requests.count else { throw BatchCountMismatch() }
                    outputs = found.map { .success($0) }
                } catch {
                    outputs = requests.map { _ in .failure(error) }
                }
                return stride(from: 0, to: outputs.count, by: count).map { Resolution(Array(outputs[$0..<$0 + count])) }
            })
    }
}

/// How many resolvers of one field run at the same time.
private let resolversAtATime = 16
