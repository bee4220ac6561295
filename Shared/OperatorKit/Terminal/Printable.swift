// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Text from outside, made fit for a terminal.
///
/// A message may come from anybody. Control characters could make a terminal do things, and direction overrides let text
/// read otherwise than it is.
enum Printable {
    /// The text with `\u{…}` for everything that a terminal would not show as it is.
    static func text(_ text: some StringProtocol, limit: Int = .max) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                result.append("…")
                break
            }
            count += 1
            if isPlain(scalar) {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            }
        }
        return String(result)
    }

    /// Whether a terminal shows a scalar as it is.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
