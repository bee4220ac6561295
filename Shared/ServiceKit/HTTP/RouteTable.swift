// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Hummingbird
internal import Synchronization

/// Which methods each path has, so that a wrong method is told from a wrong path.
///
/// Hummingbird's router answers both with 404; RFC 9110 §15.5.6 wants 405 with `Allow` for the first.
final class RouteTable: Sendable {
    private struct Route {
        let path: [RouterPath.Element]
        let method: String
    }

    private let routes = Mutex<[Route]>([])

    init() {}

    func set(_ descriptions: [Router<ServiceRequestContext>.RouteDescription]) {
        let new = descriptions.map { Route(path: Array($0.path), method: $0.method.rawValue) }
        routes.withLock { $0 = new }
    }

    /// The methods of all routes, sorted, and `OPTIONS`.
    var methods: [String] { Self.sorted(routes.withLock { $0 }.map(\.method)) }

    /// Whether a path is served.
    func has(_ path: String) -> Bool { !methods(of: path).isEmpty }

    /// The methods of the routes that serve a path, sorted, and `OPTIONS`, which every path has. Of all patterns that match it those with the earliest literals
    /// count, as in the router: `/users/import` is not a `/users/{email}`.
    func methods(of path: String) -> [String] {
        let components = path.split(separator: "/")
        let matching = routes.withLock { $0 }.filter { matches($0.path, components) }
            .map { (method: $0.method, literals: literals($0.path, components)) }
        let best = matching.map(\.literals).max { $0.lexicographicallyPrecedes($1) }
        return Self.sorted(matching.filter { $0.literals == best }.map(\.method))
    }

    private static func sorted(_ methods: [String]) -> [String] {
        methods.isEmpty ? [] : Set(methods + ["OPTIONS"]).sorted()
    }

    /// For each component 1 if the pattern names it, and 0 if anything will do there.
    private func literals(_ pattern: [RouterPath.Element], _ components: [Substring]) -> [Int] {
        zip(pattern, components).map { $0 == $1 ? 1 : 0 }
    }

    private func matches(_ pattern: [RouterPath.Element], _ components: [Substring]) -> Bool {
        for (index, element) in pattern.enumerated() {
            if element == .recursiveWildcard { return true }
            guard index < components.count, element ~= components[index] else { return false }
        }
        return pattern.count == components.count
    }
}
