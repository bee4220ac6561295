// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

extension Arena {
    /// The table as the library reads it. Its depth has been checked by ``AMQPTable/encodedSize(depth:)``.
    func table(_ table: AMQPTable) -> amqp_table_t {
        guard !table.isEmpty else { return unsafe amqp_table_t(num_entries: 0, entries: nil) }
        let entries = unsafe array(of: amqp_table_entry_t.self, count: table.count)
        for (index, entry) in table.entries.enumerated() {
            unsafe (entries + index).initialize(
                to: amqp_table_entry_t(key: bytes(entry.key), value: value(entry.value)))
        }
        return unsafe amqp_table_t(num_entries: CInt(table.count), entries: entries)
    }

    private func value(_ value: AMQPValue) -> amqp_field_value_t {
        var field = unsafe amqp_field_value_t()
        switch value {
        case .bool(let value):
            unsafe field.set(AMQP_FIELD_KIND_BOOLEAN) { unsafe $0.boolean = value ? 1 : 0 }
        case .int8(let value):
            unsafe field.set(AMQP_FIELD_KIND_I8) { unsafe $0.i8 = value }
        case .uint8(let value):
            unsafe field.set(AMQP_FIELD_KIND_U8) { unsafe $0.u8 = value }
        case .int16(let value):
            unsafe field.set(AMQP_FIELD_KIND_I16) { unsafe $0.i16 = value }
        case .uint16(let value):
            unsafe field.set(AMQP_FIELD_KIND_U16) { unsafe $0.u16 = value }
        case .int32(let value):
            unsafe field.set(AMQP_FIELD_KIND_I32) { unsafe $0.i32 = value }
        case .uint32(let value):
            unsafe field.set(AMQP_FIELD_KIND_U32) { unsafe $0.u32 = value }
        case .int64(let value):
            unsafe field.set(AMQP_FIELD_KIND_I64) { unsafe $0.i64 = value }
        case .float(let value):
            unsafe field.set(AMQP_FIELD_KIND_F32) { unsafe $0.f32 = value }
        case .double(let value):
            unsafe field.set(AMQP_FIELD_KIND_F64) { unsafe $0.f64 = value }
        case .decimal(let scale, let value):
            unsafe field.set(AMQP_FIELD_KIND_DECIMAL) {
                unsafe $0.decimal = amqp_decimal_t(decimals: scale, value: value)
            }
        case .string(let value):
            let copy = unsafe bytes(value)
            unsafe field.set(AMQP_FIELD_KIND_UTF8) { unsafe $0.bytes = copy }
        case .bytes(let value):
            let copy = unsafe bytes(value)
            unsafe field.set(AMQP_FIELD_KIND_BYTES) { unsafe $0.bytes = copy }
        case .array(let values):
            let entries = unsafe array(of: amqp_field_value_t.self, count: values.count)
            for (index, element) in values.enumerated() {
                unsafe (entries + index).initialize(to: self.value(element))
            }
            let copy = unsafe amqp_array_t(num_entries: CInt(values.count), entries: entries)
            unsafe field.set(AMQP_FIELD_KIND_ARRAY) { unsafe $0.array = copy }
        case .timestamp(let value):
            unsafe field.set(AMQP_FIELD_KIND_TIMESTAMP) { unsafe $0.u64 = value }
        case .table(let value):
            let copy = unsafe table(value)
            unsafe field.set(AMQP_FIELD_KIND_TABLE) { unsafe $0.table = copy }
        case .void:
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_VOID.rawValue)
        }
        return unsafe field
    }
}

extension amqp_field_value_t {
    fileprivate mutating func set(
        _ kind: amqp_field_value_kind_t, _ change: (inout amqp_field_value_t.__Unnamed_union_value) -> Void
    ) {
        unsafe self.kind = UInt8(kind.rawValue)
        unsafe change(&self.value)
    }
}

/// Copies tables out of the library's memory, to a bounded depth.
struct TableDecoder {
    /// Whether something lay too deep and was left out.
    private(set) var hasOmitted = false

    mutating func table(_ table: amqp_table_t, depth: Int = 1) -> AMQPTable {
        var entries: [(key: String, value: AMQPValue)] = []
        entries.reserveCapacity(Int(unsafe table.num_entries))
        for index in 0..<Int(unsafe table.num_entries) {
            let entry = unsafe table.entries[index]
            guard let value = unsafe value(entry.value, depth: depth) else { continue }
            unsafe entries.append((entry.key.text, value))
        }
        return AMQPTable(entries: entries)
    }

    /// `nil` for what is left out, and for a type that neither the library nor we know.
    private mutating func value(_ field: amqp_field_value_t, depth: Int) -> AMQPValue? {
        let value = unsafe field.value
        switch unsafe amqp_field_value_kind_t(UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: return unsafe .bool(value.boolean != 0)
        case AMQP_FIELD_KIND_I8: return unsafe .int8(value.i8)
        case AMQP_FIELD_KIND_U8: return unsafe .uint8(value.u8)
        case AMQP_FIELD_KIND_I16: return unsafe .int16(value.i16)
        case AMQP_FIELD_KIND_U16: return unsafe .uint16(value.u16)
        case AMQP_FIELD_KIND_I32: return unsafe .int32(value.i32)
        case AMQP_FIELD_KIND_U32: return unsafe .uint32(value.u32)
        // RabbitMQ knows one 64-bit integer, signed.
        case AMQP_FIELD_KIND_I64, AMQP_FIELD_KIND_U64: return unsafe .int64(value.i64)
        case AMQP_FIELD_KIND_F32: return unsafe .float(value.f32)
        case AMQP_FIELD_KIND_F64: return unsafe .double(value.f64)
        case AMQP_FIELD_KIND_DECIMAL: return unsafe .decimal(scale: value.decimal.decimals, value: value.decimal.value)
        case AMQP_FIELD_KIND_UTF8:
            guard let text = unsafe value.bytes.validText else {
                return unsafe .bytes(value.bytes.array)
            }
            return .string(text)
        case AMQP_FIELD_KIND_BYTES: return unsafe .bytes(value.bytes.array)
        case AMQP_FIELD_KIND_TIMESTAMP: return unsafe .timestamp(value.u64)
        case AMQP_FIELD_KIND_VOID: return .void
        case AMQP_FIELD_KIND_TABLE:
            guard isAllowed(depth + 1) else { return nil }
            return unsafe .table(table(value.table, depth: depth + 1))
        case AMQP_FIELD_KIND_ARRAY:
            guard isAllowed(depth + 1) else { return nil }
            var values: [AMQPValue] = []
            for index in 0..<Int(unsafe value.array.num_entries) {
                if let element = unsafe self.value(value.array.entries[index], depth: depth + 1) {
                    values.append(element)
                }
            }
            return .array(values)
        default:
            hasOmitted = true
            return nil
        }
    }

    private mutating func isAllowed(_ depth: Int) -> Bool {
        if depth <= AMQPTable.maximumDepth { return true }
        hasOmitted = true
        return false
    }
}
