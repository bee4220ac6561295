// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// How a ``MongoClient`` connects and how much it does at once.
///
/// Where the connection string does not say otherwise, these are added to it: `w=majority`, `journal=true`,
/// `wtimeoutMS=3000`, `readConcernLevel=majority`, `retryWrites=true`, `retryReads=true`,
/// `serverSelectionTimeoutMS=3000`, `connectTimeoutMS=2000`, `socketTimeoutMS=3500`, `heartbeatFrequencyMS=1000`. The
/// driver's own would wait minutes. A server command that takes longer than `socketTimeoutMS` fails: raise that for slow commands such as an
/// index on a large collection.
public struct MongoConfiguration: Sendable {
    /// The connection string. Secret: it may hold a password.
    public let uri: String
    /// How many operations run at once, each on a thread and a connection of its own; one more is kept for
    /// ``MongoClient/ping(timeout:)``. 1 to 256, default 8.
    public var workers = 8
    /// How many operations may wait for a worker; one more fails with ``MongoError/Code/queueFull``. 1 to 1,000,000,
    /// default 4096.
    public var queueLimit = 4096
    /// The longest wait for a worker; then ``MongoError/Code/timedOut``, with nothing sent. Default 2 s.
    public var queueTimeout = Duration.seconds(2)
    /// The time after which an operation is answered whatever happens, the wait for a worker included. Default 10 s.
    public var operationTimeout = Duration.seconds(10)
    /// The name in the server's log and `currentOp`; at most 128 bytes. The connection string's wins.
    public var appName = "swift-cqrs"
    /// How many change streams may be open, each on a thread and a connection of its own. 0 to 256, default 16.
    public var changeStreamLimit = 16
    /// How long the server may take to find the place where a change stream resumes; it reads its history from there,
    /// about 100,000 operations a second. Takes the place of a lower `socketTimeoutMS` for change streams. 1 s to 1 h,
    /// default 60 s.
    public var changeStreamResumeTimeout = Duration.seconds(60)

    /// Takes a connection string and defaults for everything else.
    ///
    /// - Throws: ``MongoError/Code/configuration`` when the driver cannot use the text.
    public init(uri: String) throws(MongoError) {
        self.uri = uri
        _ = try ConnectionString(parsing: uri, appName: appName)
    }

    func validate() throws(MongoError) {
        try check("workers", workers, 1...256)
        try check("queueLimit", queueLimit, 1...1_000_000)
        try check("changeStreamLimit", changeStreamLimit, 0...256)
        try check("changeStreamResumeTimeoutMs", changeStreamResumeTimeout.milliseconds, 1000...3_600_000)
        try check("queueTimeoutMs", queueTimeout.milliseconds, 1...3_600_000)
        try check("operationTimeoutMs", operationTimeout.milliseconds, 1...3_600_000)
        guard (1...128).contains(appName.utf8.count), !appName.utf8.contains(0) else {
            throw MongoError(.configuration, "appName: must be 1 to 128 bytes without a NUL")
        }
    }

    private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(MongoError) {
        guard range.contains(value) else {
            throw MongoError(
                .configuration, "\(name): must be \(range.lowerBound) to \(range.upperBound), not \(value)")
        }
    }
}

extension MongoConfiguration: CustomStringConvertible, CustomReflectable {
    /// The settings without the connection string.
    public var description: String {
        "MongoConfiguration(uri: <secret>, workers: \(workers), queueLimit: \(queueLimit), "
            + "queueTimeout: \(queueTimeout), operationTimeout: \(operationTimeout), appName: \(appName), "
            + "changeStreamLimit: \(changeStreamLimit))"
    }

    /// Keeps `dump` and string interpolation of enclosing values from showing the connection string.
    public var customMirror: Mirror { Mirror(self, children: ["workers": workers, "appName": appName]) }
}

extension Duration {
    /// Whole milliseconds, rounded up; never negative.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000_000 else { return .max }
        return max(0, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
