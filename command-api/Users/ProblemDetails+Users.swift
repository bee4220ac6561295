// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import ServiceKit
import Users

extension ProblemDetails {
    /// What a rejection is to an HTTP client.
    init(_ rejection: UserDecider.Rejection) {
        switch rejection {
        case .alreadyExists, .emailAlreadyTaken: self.init(ProblemType.emailAlreadyTaken)
        case .noSuchUser: self.init(ProblemType.userNotFound)
        }
    }
}

extension UserDecider.Rejection: DescribedRefusal {
    var problem: ProblemDetails { ProblemDetails(self) }
}

extension ProblemType {
    /// 404: nobody has that address.
    static let userNotFound = ProblemType(
        "/problems/user-not-found", status: .notFound, title: "There is no user with this address")
    /// 409: somebody has that address, in whatever case of letters.
    static let emailAlreadyTaken = ProblemType(
        "/problems/email-already-taken", status: .conflict, title: "The address is taken already")
}
