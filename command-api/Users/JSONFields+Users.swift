// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import ServiceKit
import Users

extension JSONFields {
    /// A name from a member's text. Returns `nil` when there is none, or after noting what is wrong with it.
    mutating func userName(_ member: String, _ text: String?) -> UserName? {
        guard let text else { return nil }
        do throws(UserName.Flaw) {
            return try UserName(text)
        } catch {
            refuse(member, error.explanation)
            return nil
        }
    }

    /// An address from a member's text. Returns `nil` when there is none, or after noting what is wrong with it.
    mutating func emailAddress(_ member: String, _ text: String?) -> EmailAddress? {
        guard let text else { return nil }
        do throws(EmailAddress.Flaw) {
            return try EmailAddress(text)
        } catch {
            refuse(member, error.explanation)
            return nil
        }
    }
}
