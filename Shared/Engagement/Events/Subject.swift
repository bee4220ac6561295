// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

/// Who does something with which anime.
public struct Subject: Sendable, Equatable {
    /// The anime, as ``AnimeID/value``.
    public let animeID: Int
    /// The user, as `text` of ``UserID``.
    public let userID: String

    /// Describes what was recorded.
    public init(animeID: Int, userID: String) {
        self.animeID = animeID
        self.userID = userID
    }

    /// Describes what is asked for.
    public init(_ anime: AnimeID, _ user: UserID) { self.init(animeID: anime.value, userID: user.text) }
}
