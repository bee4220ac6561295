// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Memory for the C values of one call: handed out piece by piece, taken back all at once.
///
/// Confined to the thread of its connection. What it hands out is valid until ``reset()``, which ends every call that
/// used it.
@safe
final class Arena {
    private static let blockSize = 64 << 10
    private let block: UnsafeMutableRawPointer
    private var used = 0
    private var large: [UnsafeMutableRawPointer] = unsafe []

    init() {
        unsafe block = UnsafeMutableRawPointer.allocate(byteCount: Self.blockSize, alignment: 16)
    }

    deinit {
        reset()
        unsafe block.deallocate()
    }

    func reset() {
        used = 0
        while let piece = unsafe large.popLast() { unsafe piece.deallocate() }
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        let rounded = (size + 15) & ~15
        guard used + rounded <= Self.blockSize else {
            let piece = UnsafeMutableRawPointer.allocate(byteCount: max(rounded, 16), alignment: 16)
            unsafe large.append(piece)
            return unsafe piece
        }
        defer { used += rounded }
        return unsafe block + used
    }

    func array<Element>(of type: Element.Type, count: Int) -> UnsafeMutablePointer<Element> {
        unsafe self.allocate(MemoryLayout<Element>.stride * count).bindMemory(to: Element.self, capacity: max(count, 1))
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { unsafe copy(UnsafeRawBufferPointer($0)) }
    }

    func bytes(_ bytes: [UInt8]) -> amqp_bytes_t {
        unsafe bytes.withUnsafeBytes { unsafe copy($0) }
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        let target = unsafe allocate(source.count)
        if let base = source.baseAddress { unsafe target.copyMemory(from: base, byteCount: source.count) }
        return unsafe amqp_bytes_t(len: source.count, bytes: target)
    }
}

extension amqp_bytes_t {
    var view: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: bytes, count: len) }

    /// A copy as text; what is not UTF-8 is replaced, since names and property texts have no other form.
    var text: String { unsafe String(decoding: view, as: UTF8.self) }

    /// A copy as text; `nil` for what is not UTF-8.
    var validText: String? {
        let bytes = unsafe UnsafeBufferPointer(start: bytes?.assumingMemoryBound(to: UInt8.self), count: len)
        guard let valid = unsafe try? UTF8Span(validating: bytes.span) else { return nil }
        return String(copying: valid)
    }

    var array: [UInt8] { unsafe Array(view) }
}
