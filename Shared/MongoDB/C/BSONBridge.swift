// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CMongoC

/// Room for a `bson_t` on the stack, at one address for its whole life: it holds pointers into itself.
@safe
private func withBSONRoom<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe withUnsafeTemporaryAllocation(byteCount: cmongoc_bson_size(), alignment: cmongoc_bson_alignment()) {
        buffer in
        guard let address = buffer.baseAddress else { preconditionFailure("an allocation has an address") }
        return unsafe body(OpaquePointer(address))
    }
}

extension BSONDocument {
    /// Lends the bytes to the C library as a read-only `bson_t`, valid until `body` returns.
    @safe
    func withBSON<R>(_ body: (OpaquePointer) -> R) -> R {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            withBSONRoom { bson in
                let isValid = unsafe bson_init_static(bson, bytes.baseAddress, bytes.count)
                precondition(isValid, "a checked document is well formed")
                return unsafe body(bson)
            }
        }
    }

    /// Copies a document of the C library and checks it.
    init(copying bson: OpaquePointer) throws(MongoError) {
        guard let data = unsafe bson_get_data(bson) else {
            throw MongoError(.protocolViolation, "a document without bytes")
        }
        let count = unsafe Int(cmongoc_bson_length(bson))
        try unsafe self.init(validating: Array(UnsafeBufferPointer(start: data, count: count)))
    }
}

extension OpaquePointer {
    /// Whether a `bson_t` has the bytes of a document.
    func isEqual(to view: BSONView) -> Bool {
        guard let data = unsafe bson_get_data(self), unsafe Int(cmongoc_bson_length(self)) == view.range.count else {
            return false
        }
        return unsafe UnsafeBufferPointer(start: data, count: view.range.count).elementsEqual(view.bytes[view.range])
    }
}

/// What a call of the C library gave: whether it succeeded, its reply and its error, copied out.
struct CallResult {
    let succeeded: Bool
    let reply: BSONDocument
    let failure: CFailure
}

/// A `bson_error_t`, copied out.
struct CFailure {
    let domain: UInt32
    let code: UInt32
    let message: String

    init(_ error: bson_error_t) {
        domain = error.domain
        code = error.code
        message = unsafe withUnsafeBytes(of: error.message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// Makes a call that fills in a reply and an error.
///
/// The library initialises the reply whatever happens; it is copied and destroyed here.
@safe
func call(
    _ body: (_ reply: OpaquePointer, _ error: UnsafeMutablePointer<bson_error_t>) -> Bool
) throws(MongoError) -> CallResult {
    var error = bson_error_t()
    let outcome: (succeeded: Bool, reply: Result<BSONDocument, MongoError>) = withBSONRoom { reply in
        let succeeded = unsafe body(reply, &error)
        defer { unsafe bson_destroy(reply) }
        return (succeeded, Result { () throws(MongoError) in try unsafe BSONDocument(copying: reply) })
    }
    let reply: BSONDocument
    switch outcome.reply {
    case .success(let document): reply = document
    // A reply that cannot be read: after a success nobody can tell what was done.
    case .failure(var error) where outcome.succeeded:
        error.outcomeUnknown = true
        throw error
    case .failure: reply = BSONDocument()
    }
    return CallResult(succeeded: outcome.succeeded, reply: reply, failure: CFailure(error))
}
