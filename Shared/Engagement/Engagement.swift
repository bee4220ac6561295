// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

public import CQRS
internal import Crypto
internal import Essentials

/// The names under which engagement is known outside. They are stored and sent: they never change.
public enum Engagement {
    /// The category of its streams, one for each user and anime: nobody waits for anybody.
    public static let streamCategory = "engagement"

    /// Which events its read models subscribe to, as AMQP topic patterns.
    public static let eventPatterns = ["engagement.*"]

    /// The stream of what one user does with one anime (docs/decisions/0043).
    ///
    /// A user whose identifier can be part of a name is named by it, every other one by its digest: `12.user123`,
    /// `12..2c26b46b…`. No identifier of the first kind has a dot.
    public static func stream(of subject: Subject) -> StreamID {
        let user = subject.userID
        let name = canBeNamed(user) ? user : ".\(Hex.digits(SHA256.hash(data: Array(user.utf8))))"
        guard let stream = StreamID(category: streamCategory, key: "\(subject.animeID).\(name)") else {
            preconditionFailure("neither part is too long, or has what no key may have")
        }
        return stream
    }

    /// Whether an identifier is what the key of a stream can end with.
    private static func canBeNamed(_ user: String) -> Bool {
        (1...UserID.maximumLength).contains(user.utf8.count)
            && user.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
