// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import Essentials
internal import Foundation

/// What an item is known by to people and labels (*stock keeping unit*), in its canonical form: two spellings of one are
/// equal.
///
/// Letters are those of any script, as `É` is one in one scalar and in two. Case is folded upwards by Unicode's full
/// mappings, without regard to language, so that `ß` is `SS`.
public struct SKU: Sendable, Hashable {
    /// The longest SKU, in Unicode scalars of its canonical form.
    public static let maximumLength = 64

    /// The canonical form: composed (NFC), without spaces around it, in upper case. It is what is stored and compared, by
    /// its bytes.
    public let text: String

    /// Checks a SKU and makes it canonical.
    ///
    /// - Throws: ``Flaw``, the first one found.
    public init(_ text: String) throws(Flaw) {
        // Far beyond the limit nothing needs to be normalised to know the answer.
        guard text.utf8.count <= 16 * 1024 else { throw .tooLong }
        let composed = text.precomposedStringWithCanonicalMapping
        let trimmed = String(String.UnicodeScalarView(composed.unicodeScalars.trimming(\.properties.isWhitespace)))
        let canonical = trimmed.uppercased().precomposedStringWithCanonicalMapping
        guard !canonical.isEmpty else { throw .empty }
        guard canonical.unicodeScalars.count <= Self.maximumLength else { throw .tooLong }
        guard canonical.unicodeScalars.allSatisfy(\.mayStandInSKU) else { throw .character }
        self.text = canonical
    }

    /// Whether both have the same bytes.
    public static func == (a: SKU, b: SKU) -> Bool { a.text.isExactly(b.text) }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(ExactText(text)) }

    /// Why a text is no SKU. Never says which text.
    public enum Flaw: ExplainedFlaw, Sendable, Equatable {
        /// There is nothing.
        case empty
        /// More than ``SKU/maximumLength`` characters.
        case tooLong
        /// Something that is no letter, no digit and none of `-_./`.
        case character

        /// What to tell the one who sent it.
        public var explanation: String {
            switch self {
            case .empty: "must not be empty"
            case .tooLong: "must have at most \(SKU.maximumLength) characters"
            case .character: "must consist of letters, digits and -_./"
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var mayStandInSKU: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: self == "-" || self == "_" || self == "." || self == "/"
        }
    }
}

extension BidirectionalCollection {
    /// What is left without the elements at both ends that are of a kind.
    fileprivate func trimming(_ isOfKind: (Element) -> Bool) -> SubSequence {
        var rest = drop(while: isOfKind)
        while let last = rest.last, isOfKind(last) { rest = rest.dropLast() }
        return rest
    }
}
