// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CMongoC

/// libbson as the judge of our reading and writing.
enum LibBSON {
    private static func with<R>(_ bytes: [UInt8], _ body: (OpaquePointer) -> R) -> R? {
        guard let bson = unsafe bson_new_from_data(bytes, bytes.count) else { return nil }
        defer { unsafe bson_destroy(bson) }
        return unsafe body(bson)
    }

    /// Canonical extended JSON; `nil` when libbson refuses the bytes.
    static func json(_ bytes: [UInt8]) -> String? {
        unsafe with(bytes) { bson in
            guard let text = unsafe bson_as_canonical_extended_json(bson, nil) else { return nil }
            defer { unsafe bson_free(text) }
            return unsafe String(cString: text)
        } ?? nil
    }

    /// The bytes that libbson makes of extended JSON.
    static func bytes(json: String) -> [UInt8]? {
        var error = bson_error_t()
        guard let bson = unsafe bson_new_from_json(json, -1, &error) else { return nil }
        defer { unsafe bson_destroy(bson) }
        let count = unsafe Int(cmongoc_bson_length(bson))
        return unsafe bson_get_data(bson).map { unsafe Array(UnsafeBufferPointer(start: $0, count: count)) }
    }

    /// Whether libbson finds the structure sound. Its check of UTF-8 lets invalid bytes pass in 1.23.1.
    static func isValid(_ bytes: [UInt8]) -> Bool {
        unsafe with(bytes) { bson in
            unsafe bson_validate(bson, BSON_VALIDATE_NONE, nil)
        } ?? false
    }
}
