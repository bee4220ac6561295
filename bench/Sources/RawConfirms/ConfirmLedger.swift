// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Which messages are confirmed. Confirms come in any order, one at a time or for all up to a tag.
struct ConfirmLedger {
    struct Confirm {
        let tag: UInt64
        /// Whether it is for all up to the tag that are not confirmed yet.
        let isMultiple: Bool
    }

    private(set) var confirmed: UInt64 = 0
    /// The lowest tag not confirmed.
    private var lowest: UInt64 = 1
    /// Whether a tag from ``lowest`` on is confirmed, at the tag's remainder.
    private var isConfirmed: [Bool]

    init(window: Int) { isConfirmed = [Bool](repeating: false, count: window + 1) }

    mutating func confirm(_ confirm: Confirm) {
        for tag in confirm.isMultiple ? lowest...confirm.tag : confirm.tag...confirm.tag where !self[tag] {
            self[tag] = true
            confirmed += 1
        }
        while self[lowest] {
            self[lowest] = false
            lowest += 1
        }
    }

    private subscript(tag: UInt64) -> Bool {
        get { isConfirmed[Int(tag % UInt64(isConfirmed.count))] }
        set { isConfirmed[Int(tag % UInt64(isConfirmed.count))] = newValue }
    }
}
