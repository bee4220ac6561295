// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import AMQP
internal import AsyncHTTPClient
internal import CQRS
internal import CQRSAMQP
internal import Essentials
internal import NIOCore
internal import NIOHTTP1

/// RabbitMQ's management API, as far as the topology of one virtual host needs it.
struct ManagementAPI: Sendable {
    private let url: ManagementURL
    private let login: ManagementURL.Login
    private let virtualHost: String

    /// Lives as long as the process. A connection that is refused is not tried again until the time is over: an operator
    /// would rather know.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// - Parameters:
    ///   - url: where it is.
    ///   - broker: the virtual host, and the login when the URL has none.
    init(url: ManagementURL, broker: AMQPConfiguration) {
        self.url = url
        login = url.login ?? ManagementURL.Login(user: broker.user, password: broker.password)
        virtualHost = ManagementURL.segment(broker.virtualHost)
    }

    /// What the virtual host holds.
    ///
    /// - Throws: ``OperatorError``.
    func topology() async throws -> ObservedTopology {
        // Statistics lag behind by seconds; without them the answer says which policy is in force now.
        try ObservedTopology(
            exchanges: try await objects("exchanges"),
            queues: try await objects("queues", query: "?disable_stats=true"),
            bindings: try await objects("bindings"), policies: try await objects("policies"))
    }

    /// Sets a policy, whether there is one of its name or not.
    ///
    /// - Throws: ``OperatorError``.
    func set(_ policy: BrokerPolicy) async throws {
        var json = JSONWriter()
        json.beginObject()
        json.member("pattern", policy.pattern)
        json.member("apply-to", policy.target.rawValue)
        json.member("priority", policy.priority)
        json.key("definition")
        json.beginObject()
        for (name, value) in policy.definition.sorted(by: { $0.key < $1.key }) {
            json.key(name)
            json.value(value)
        }
        json.endObject()
        json.endObject()
        _ = try await send(.PUT, "policies", "/" + ManagementURL.segment(policy.name), body: json.bytes)
    }

    private func objects(_ kind: String, query: String = "") async throws -> [JSONObject] {
        let answer = try await send(.GET, kind, query)
        guard case .array(let elements)? = try? JSON.parse(answer) else {
            throw OperatorError("what answers at \(url.address) is not RabbitMQ's management API", OperatorExit.failed)
        }
        return elements.compactMap { element in
            if case .object(let object) = element { object } else { nil }
        }
    }

    private func send(_ method: HTTPMethod, _ kind: String, _ rest: String, body: [UInt8]? = nil) async throws
        -> [UInt8]
    {
        var request = HTTPClientRequest(url: "\(url.address)/api/\(kind)/\(virtualHost)\(rest)")
        request.method = method
        request.setBasicAuth(username: login.user, password: login.password)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response: HTTPClientResponse
        let content: ByteBuffer
        do {
            response = try await Self.client.execute(request, timeout: .seconds(15))
            content = try await response.body.collect(upTo: 64 << 20)
        } catch {
            throw OperatorError(
                "no management API answers at \(url.address): \(Self.kind(of: error))", OperatorExit.unavailable)
        }
        switch response.status.code {
        case 200..<300: return Array(content.readableBytesView)
        case 401, 403:
            throw OperatorError(
                "the management API at \(url.address) refuses this user or password; it takes the tag policymaker or "
                    + "administrator", OperatorExit.notPermitted)
        case 404:
            throw OperatorError(
                "the management API at \(url.address) knows no such virtual host", OperatorExit.unavailable)
        default:
            throw OperatorError(
                "the management API at \(url.address) answers \(response.status.code)", OperatorExit.failed)
        }
    }

    /// An error's name without its details, which may hold anything.
    private static func kind(of error: any Error) -> String {
        (error as? HTTPClientError)?.shortDescription ?? "\(type(of: error))"
    }
}
