// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CMongoC

/// A document, written with libbson's own calls.
@safe
final class RawDocument {
    private let pointer: OpaquePointer

    init(_ write: (RawDocument) -> Void) {
        unsafe pointer = bson_new()
        write(self)
    }

    deinit { unsafe bson_destroy(pointer) }

    /// Lends the document: it is there for as long as the body runs.
    @safe func withPointer<Value>(_ body: (OpaquePointer) -> Value) -> Value {
        withExtendedLifetime(self) { unsafe body(pointer) }
    }

    @discardableResult
    func append(_ key: String, _ value: String) -> RawDocument {
        _ = unsafe bson_append_utf8(pointer, key, -1, value, CInt(value.utf8.count))
        return self
    }

    @discardableResult
    func append(_ key: String, _ value: Int64) -> RawDocument {
        _ = unsafe bson_append_int64(pointer, key, -1, value)
        return self
    }

    @discardableResult
    func append(_ key: String, _ value: Bool) -> RawDocument {
        _ = unsafe bson_append_bool(pointer, key, -1, value)
        return self
    }

    @discardableResult
    func appendDate(_ key: String, _ milliseconds: Int64) -> RawDocument {
        _ = unsafe bson_append_date_time(pointer, key, -1, milliseconds)
        return self
    }

    /// A user's primary key.
    static func id(_ number: Int) -> String { "user-\(number)" }

    /// What the read model keeps of a user: the same fields, of about the same length.
    static func user(_ number: Int) -> RawDocument {
        let email = "seed-\(number)@bench.example"
        return RawDocument {
            $0.append("_id", id(number)).append("id", "019abf3e-7d5c-7b7f-9d4e-3f0c8a6b2e11").append("version", 1)
                .appendDate("createdAt", 1_772_366_400_000).appendDate("updatedAt", 1_772_366_400_000)
                .append("name", "User \(number)").append("nameKey", "user \(number)")
                .append("email", email).append("emailKey", email)
        }
    }
}
