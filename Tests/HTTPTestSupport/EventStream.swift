// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import AsyncHTTPClient
public import NIOCore
import NIOHTTP1

/// An event of a stream of server-sent events, as a client gets it.
public struct ReceivedEvent: Sendable, Equatable {
    /// What to go on behind: that of this event, or of the last one before that had any.
    public let id: String
    /// The event's name.
    public let name: String
    /// Its data.
    public let data: String
}

extension StreamedAnswer {
    /// The body as server-sent events (WHATWG HTML, "Interpreting an event stream").
    ///
    /// - Parameter onID: called with each `id`, also where there is no event.
    public func events(onID: @Sendable @escaping (String) -> Void = { _ in }) -> Events {
        Events(lines: lines, onID: onID)
    }

    /// Server-sent events.
    public struct Events: AsyncSequence, Sendable {
        let lines: Lines
        let onID: @Sendable (String) -> Void

        /// Starts to read.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(lines: lines.makeAsyncIterator(), onID: onID) }

        /// Reads event by event.
        public struct AsyncIterator: AsyncIteratorProtocol {
            var lines: Lines.AsyncIterator
            let onID: @Sendable (String) -> Void
            var id = ""

            /// The next event; `nil` at the end of the answer.
            public mutating func next() async throws -> ReceivedEvent? {
                var (name, data) = ("message", [String]())
                while let line = try await lines.next() {
                    if line.isEmpty {
                        if !data.isEmpty {
                            return ReceivedEvent(id: id, name: name, data: data.joined(separator: "\n"))
                        }
                        name = "message"
                        continue
                    }
                    let field = line.prefix { $0 != ":" }
                    let value = line.dropFirst(field.count + 1)
                    let text = String(value.first == " " ? value.dropFirst() : value)
                    switch field {
                    case "id":
                        id = text
                        onID(text)
                    case "event": name = text
                    case "data": data.append(text)
                    default: break
                    }
                }
                return nil
            }
        }
    }
}

extension HTTP {
    /// Sends a GET, and returns when the answer begins. Whoever stops reading closes the connection.
    public static func open(
        _ url: String, headers: [(String, String)] = [], timeout: TimeAmount = .seconds(300)
    ) async throws -> StreamedAnswer {
        var request = HTTPClientRequest(url: url)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        return StreamedAnswer(try await client.execute(request, timeout: timeout))
    }
}
