// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials

extension Response {
    /// Whether the answer has no more than so many bytes as JSON, escapes aside. Looks at no more than that.
    ///
    /// Few values can be many bytes: names in the answer are the document's, and a list repeats them in each of its objects.
    func fits(in limit: Int) -> Bool {
        var left = limit
        for error in errors where left >= 0 {
            left -= 64 + error.message.utf8.count + 32 * error.locations.count + 16 * error.reversedPath.count
        }
        data?.take(from: &left)
        return left >= 0
    }
}

extension ResponseValue {
    fileprivate func take(from left: inout Int) {
        switch self {
        case .null, .boolean: left -= 5
        case .int, .float: left -= 8
        case .string(let text): left -= text.utf8.count + 2
        case .list(let values):
            left -= values.count + 2
            for value in values where left >= 0 { value.take(from: &left) }
        case .object(let object):
            left -= 2
            for (name, value) in zip(object.names, object.values) where left >= 0 {
                left -= name.utf8.count + 4
                value.take(from: &left)
            }
        case .json(let value): value.take(from: &left)
        }
    }
}

extension JSONValue {
    fileprivate func take(from left: inout Int) {
        switch self {
        case .null, .bool: left -= 5
        case .number(let number): left -= number.text.utf8.count
        case .string(let text): left -= text.utf8.count + 2
        case .array(let values):
            left -= values.count + 2
            for value in values where left >= 0 { value.take(from: &left) }
        case .object(let object):
            left -= 2
            for member in object.members where left >= 0 {
                left -= member.name.utf8.count + 4
                member.value.take(from: &left)
            }
        }
    }
}
