// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

extension HTTPRequest {
    /// Asks for a user by GraphQL: for all that REST tells of one.
    public static func query(_ user: BenchUser) -> [UInt8] {
        let document = "query($email: String!) { user(email: $email) { id name email version createdAt updatedAt } }"
        return post("/graphql", #"{"query":"\#(document)","variables":{"email":"\#(user.email)"}}"#)
    }
}
