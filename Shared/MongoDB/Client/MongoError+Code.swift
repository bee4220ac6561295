// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension MongoError {
    /// The kind of a failure. An open set: treat a code that you do not know like ``server``.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String, Sendable {
            case unavailable, timedOut, queueFull, duplicateKey, writeConcern, writeConflict, server, cancelled
            case invalidArgument, invalidBSON, closed, authentication, unauthorized, cursorLost, historyLost
            case namespaceMissing, configuration, protocolViolation
        }

        private let value: Value

        private init(_ value: Value) { self.value = value }

        /// No server can be reached or is fit to answer: server selection, network, step-down, shutdown. Try later.
        public static let unavailable = Code(.unavailable)
        /// The deadline passed: in the queue, on the server (`maxTimeMS`), or while waiting for the answer.
        public static let timedOut = Code(.timedOut)
        /// The queue of operations was full. Nothing was sent.
        public static let queueFull = Code(.queueFull)
        /// A unique index refused the write; see ``MongoError/keyPattern``.
        public static let duplicateKey = Code(.duplicateKey)
        /// The write was applied, but its durability was not confirmed in time.
        public static let writeConcern = Code(.writeConcern)
        /// Two writers met; nothing was applied. Try again.
        public static let writeConflict = Code(.writeConflict)
        /// Any other error of the server; see ``MongoError/serverCode``.
        public static let server = Code(.server)
        /// The calling task was cancelled. Of a write that a worker had begun, the outcome is unknown.
        public static let cancelled = Code(.cancelled)
        /// The caller asked for something that makes no sense.
        public static let invalidArgument = Code(.invalidArgument)
        /// Bytes that are no valid BSON, or a field that is not of the type asked for.
        public static let invalidBSON = Code(.invalidBSON)
        /// The client, or the change stream, was closed.
        public static let closed = Code(.closed)
        /// The credentials were refused.
        public static let authentication = Code(.authentication)
        /// The user lacks the right to do this.
        public static let unauthorized = Code(.unauthorized)
        /// The server no longer knows the cursor: too long idle, or it has restarted. Query again.
        public static let cursorLost = Code(.cursorLost)
        /// A change stream cannot resume, or a snapshot cannot be read on: the history that it needs is gone. Read everything again.
        public static let historyLost = Code(.historyLost)
        /// The collection or index does not exist.
        public static let namespaceMissing = Code(.namespaceMissing)
        /// A configuration value is unusable; the debug text names its key.
        public static let configuration = Code(.configuration)
        /// The server answered something that its protocol does not allow.
        public static let protocolViolation = Code(.protocolViolation)

        /// A stable name in camel case, fit for metric labels.
        public var description: String { value.rawValue }
    }
}
