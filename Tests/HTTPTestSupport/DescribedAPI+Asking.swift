// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension DescribedAPI {
    /// The routes, each with a body if it takes one, that are not answered with a status.
    ///
    /// Each is asked twice: so that a hot route may answer, and with a field that only the router understands.
    public func routes(notAnswering status: Int, port: Int) async throws -> [String] {
        var others: [String] = []
        for operation in operations {
            let line = operation.exampleRoute
            let body = line.hasPrefix("GET") ? "\r\n" : "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            for field in ["", "X-Unknown: 1\r\n"] {
                let request = "\(line) HTTP/1.1\r\nHost: a\r\n\(field)\(body)"
                let answer = try await RawConnection.exchange(
                    port: port, Array("\(request)GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
                if !answer.hasPrefix("HTTP/1.1 \(status) ") { others.append(operation.route) }
            }
        }
        return others
    }
}

extension DescribedAPI.Operation {
    /// The route with an example in the place of each parameter, as in `GET /users/ada@example.org`.
    public var exampleRoute: String {
        route.replacing("{email}", with: "ada@example.org").replacing("{sku}", with: "PROD-001")
            .replacing("{id}", with: "01980d2a-6f51-7c3e-9a44-0f5c2b8a7d10")
    }
}
