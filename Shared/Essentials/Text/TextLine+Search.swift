// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import Foundation

/// How lines are sorted and searched: without regard to upper and lower case.
extension TextLine {
    /// What lines are ordered and searched by, for any text: what was accepted once must be found for ever, whatever the
    /// rules of the day.
    ///
    /// Each scalar is mapped to lower, upper and again to lower case by Unicode's full mappings, without regard to
    /// language or neighbours, and the result is composed (NFC). So `ß` and `ẞ` are `ss`, and `ς` is `σ`; accents stay.
    /// What shows nothing (joiners, variation selectors, a byte order mark) has no part in it.
    /// Stored: it changes only together with every document that has one.
    public static func key(of text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var folded = ""
        for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars where !scalar.isIgnorableInLine {
            for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                for upper in lower.properties.uppercaseMapping.unicodeScalars {
                    folded += upper.properties.lowercaseMapping
                }
            }
        }
        return folded.precomposedStringWithCanonicalMapping
    }

    /// What the ``key(of:)`` of a line begins with when the line begins with a text. Spaces count as in a line: none
    /// at the beginning, runs of any kind as one.
    public static func key(ofPrefix text: String) -> String {
        var prefix = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !scalar.isIgnorableInLine {
            if !scalar.isSpaceInLine {
                prefix.append(scalar)
            } else if let last = prefix.last, last != " " {
                prefix.append(" ")
            }
        }
        return key(of: String(prefix))
    }
}
