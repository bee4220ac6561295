// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import Engagement
import Essentials
import Testing

@Suite("A stream of engagement")
struct EngagementStreamTests {
    @Test(
        "is named by anime and user, or the user's digest",
        arguments: [
            ("user123", "7.user123"),
            ("0193-a_b", "7.0193-a_b"),
            (String(repeating: "a", count: 128), "7." + String(repeating: "a", count: 128)),
            ("ABC", "7..b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"),
            ("", "7..e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ])
    func names(user: String, key: String) {
        let stream = Engagement.stream(of: Subject(animeID: 7, userID: user))
        #expect(stream.name == "engagement-\(key)")
        #expect(stream.category == "engagement")
        #expect(StreamID(stream.name) == stream)
    }

    @Test("is another one for every user and anime, whatever they look like")
    func distinct() {
        let digest = "b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78"
        let users = [
            "abc", "ABC", "Abc", "a.b", "a b", ".", "..", digest, ".\(digest)", "-\(digest)", "1.abc", "é", "e", "ё",
            "🙂", "a/b", "a:b", "a;b", String(repeating: "a", count: 129), String(repeating: "🙂", count: 128),
        ]
        let subjects = users.flatMap { user in
            [1, 11, 9_007_199_254_740_991].map { Subject(animeID: $0, userID: user) }
        }
        #expect(Set(subjects.map { Engagement.stream(of: $0).name }).count == subjects.count)
    }

    @Test("is told by the user's bytes: two spellings are one only once they are normalised")
    func bytes() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(
            Engagement.stream(of: Subject(animeID: 1, userID: composed))
                != Engagement.stream(of: Subject(animeID: 1, userID: decomposed)))
        let anime = try AnimeID(1)
        #expect(
            Engagement.stream(of: Subject(anime, try UserID(composed)))
                == Engagement.stream(of: Subject(anime, try UserID(decomposed))))
    }
}
