// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import NIOCore
internal import NIOPosix

/// One `GET` to the service on this machine.
struct HealthProbe: Sendable {
    struct Answer: Sendable, Equatable {
        let status: Int
        let body: String
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let sizeLimit = 64 << 10

    private let host: String
    private let port: Int
    private let path: String
    private let timeout: Duration

    init(host: String, port: Int, path: String = "/ready", timeout: Duration = .seconds(3)) {
        // The address to listen on all interfaces is none to connect to.
        switch host {
        case "0.0.0.0", "": self.host = "127.0.0.1"
        case "::": self.host = "::1"
        default: self.host = host
        }
        self.port = port
        self.path = path
        self.timeout = timeout
    }

    /// Asks within the time limit.
    func ask() async throws -> Answer {
        let timeout = timeout
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { try await exchange() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw Failure(description: "no answer from port \(port) within \(timeout)")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func exchange() async throws -> Answer {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(2))
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
                }
        } catch {
            throw Failure(description: "no connection to port \(port): the service is not running")
        }
        return try await channel.executeThenClose { inbound, outbound in
            let authority = host.contains(":") ? "[\(host)]" : host
            let request = "GET \(path) HTTP/1.1\r\nHost: \(authority):\(port)\r\nConnection: close\r\n\r\n"
            try await outbound.write(ByteBuffer(string: request))
            var received = ByteBuffer()
            for try await part in inbound {
                received.writeImmutableBuffer(part)
                guard received.readableBytes <= Self.sizeLimit else { break }
                if let answer = parse(String(buffer: received)) { return answer }
            }
            throw Failure(description: "the answer from port \(port) was cut off")
        }
    }

    /// The answer once it is complete. Ours always have a `Content-Length`.
    private func parse(_ text: String) -> Answer? {
        let text = Substring(text)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let field = lines.first(where: { $0.lowercased().hasPrefix("content-length:") }),
            let length = Int(field.drop { $0 != ":" }.dropFirst().filter { $0 != " " })
        else { return nil }
        let body = text[end.upperBound...]
        guard body.utf8.count >= length else { return nil }
        return Answer(status: status, body: String(body))
    }
}

extension Substring {
    /// The first place of `text`; the standard library has this for single elements only.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text), let end = index(start, offsetBy: text.count, limitedBy: endIndex) {
                return start..<end
            }
            formIndex(after: &start)
        }
        return nil
    }
}
