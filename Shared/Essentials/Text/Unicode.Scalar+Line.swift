// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// What a character does in a line of text. Looking its properties up takes far longer than telling what ASCII has: one
/// space, control characters, and otherwise what shows.
extension Unicode.Scalar {
    /// Whether it may be part of a line at all.
    var mayStandInLine: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        return switch properties.generalCategory {
        case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        // Joiners (ZWJ, ZWNJ) are format characters that Persian, Hindi and emoji need; direction controls are the ones
        // that make a text show as something else (Unicode TR #36 §2.4).
        case .format: !properties.isBidiControl
        default: true
        }
    }

    /// Whether it shows as a space. Braille's pattern without dots (U+2800) does, whatever its category is.
    var isSpaceInLine: Bool {
        isASCII ? self == " " : properties.generalCategory == .spaceSeparator || value == 0x2800
    }

    /// Whether it shows nothing by itself, and text is read as if it were not there (`Default_Ignorable_Code_Point` of
    /// UAX #44): joiners, variation selectors, tags, fillers, the byte order mark.
    var isIgnorableInLine: Bool { !isASCII && properties.isDefaultIgnorableCodePoint }

    /// Whether somebody who reads the line sees it.
    var showsInLine: Bool {
        isASCII
            ? value > 0x20 && value != 0x7F
            : !isSpaceInLine && !isIgnorableInLine && properties.generalCategory != .format
    }

    /// Whether a variation selector behind it can make it look different: emoji (UTS #51), ideographs (UTS #37),
    /// Mongolian letters.
    fileprivate var hasVariations: Bool {
        !isASCII && (properties.isEmoji || properties.isIdeographic || (0x1820...0x18AA).contains(value))
    }
}

extension Collection<Unicode.Scalar> where Self: BidirectionalCollection {
    /// The text without what shows nothing at either end. What belongs to the last character that shows stays: a variation
    /// selector, or the tags of a flag (UTS #51 §1.4.8).
    func withoutInvisibleEnds() -> SubSequence {
        var rest = drop { $0.isIgnorableInLine }
        while let last = rest.last, last.isIgnorableInLine, !rest.endsWithSequence { rest = rest.dropLast() }
        return rest
    }

    /// Whether the last scalar belongs to a character that shows.
    private var endsWithSequence: Bool {
        guard let last else { return false }
        let before = dropLast()
        if last.properties.isVariationSelector { return before.last?.hasVariations ?? false }
        let tags: ClosedRange<UInt32> = 0xE0020...0xE007E
        guard last.value == 0xE007F, let tag = before.last, tags.contains(tag.value) else { return false }
        return before.reversed().first { !tags.contains($0.value) }?.hasVariations ?? false
    }
}
