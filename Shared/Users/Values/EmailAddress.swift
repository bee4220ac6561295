// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CQRS
public import Essentials

/// An email address that can be delivered to: `dot-atom@domain` of RFC 5321 and RFC 5322, in ASCII.
///
/// Quoted local parts and address literals are refused, because hardly anyone has one and every typo looks like one.
/// Non-ASCII is refused too: an internationalised domain has an ASCII form (`xn--…`, RFC 5890), and two spellings of
/// one domain would be two users.
public struct EmailAddress: Sendable, Hashable {
    /// The address as its owner wrote it.
    public let text: String

    /// What uniqueness is about: the address with A to Z in lower case, compared byte by byte.
    ///
    /// Domains are case-insensitive (RFC 1035 §2.3.3). Local parts are not by the letter of RFC 5321 §2.4, but no
    /// provider of note tells `Ada@` from `ada@`, and users expect neither to be taken by somebody else.
    public let key: String

    /// Checks an address.
    ///
    /// - Throws: ``Flaw``, the first one found.
    public init(_ text: String) throws(Flaw) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw .empty }
        // RFC 5321 §4.5.3.1.3: a path has at most 256 octets, two of which are its angle brackets.
        guard bytes.count <= 254 else { throw .tooLong }
        guard bytes.allSatisfy({ $0 < 0x80 }) else { throw .notASCII }
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .hasSpace }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { throw .noAtSign }
        try Self.check(localPart: bytes[..<at])
        try Self.check(domain: bytes[(at + 1)...])
        self.text = text
        key = Self.key(of: text)
    }

    /// The ``key`` of an address as an event or a document has it: addresses that were accepted once keep theirs,
    /// whatever the rules of the day. A text from outside becomes an address first.
    public static func key(of text: String) -> String { text.lowercasedASCII() }

    private static func check(localPart: ArraySlice<UInt8>) throws(Flaw) {
        // RFC 5321 §4.5.3.1.1.
        guard (1...64).contains(localPart.count) else { throw .localPart }
        // RFC 5322 §3.2.3: atoms, joined by single dots.
        for atom in localPart.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !atom.isEmpty, atom.allSatisfy(isAtomText) else { throw .localPart }
        }
    }

    private static func check(domain: ArraySlice<UInt8>) throws(Flaw) {
        // RFC 5321 §4.5.3.1.2 and RFC 1035 §2.3.4.
        guard (1...255).contains(domain.count) else { throw .domain }
        let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2 else { throw .domain }
        for label in labels {
            guard (1...63).contains(label.count), label.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }),
                label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
            else { throw .domain }
        }
        // A domain that ends in a number is an IPv4 address (RFC 1123 §2.1).
        guard let last = labels.last, !last.allSatisfy({ isDigit($0) }) else { throw .domain }
    }

    /// Why a text is no address. Never says which text.
    public enum Flaw: ExplainedFlaw, Sendable, Equatable {
        /// There is nothing.
        case empty
        /// More than 254 octets.
        case tooLong
        /// A character outside ASCII.
        case notASCII
        /// A space or control character.
        case hasSpace
        /// No `@`.
        case noAtSign
        /// The part before the `@`.
        case localPart
        /// The part after the `@`.
        case domain

        /// What to tell the one who sent it.
        public var explanation: String {
            switch self {
            case .empty: "must not be empty"
            case .tooLong: "must have at most 254 octets"
            case .notASCII: "must be ASCII; write an internationalised domain in its xn-- form"
            case .hasSpace: "must not contain spaces or control characters"
            case .noAtSign: "must contain an @"
            case .localPart:
                "must have 1 to 64 letters, digits or !#$%&'*+-/=?^_`{|}~ before the @, with single dots between them"
            case .domain:
                "must have a domain name with at least one dot after the @, of labels of 1 to 63 letters, digits and inner hyphens"
            }
        }
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

private let atomSymbols = Set("!#$%&'*+-/=?^_`{|}~".utf8)

/// `atext` of RFC 5322 §3.2.3.
private func isAtomText(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || atomSymbols.contains(byte) }
