// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import HTTPTypes
import ServiceKit
import Users

extension ProblemDetails {
    /// What a rejection is to an HTTP client.
    init(_ rejection: UserDecider.Rejection) {
        switch rejection {
        case .alreadyExists:
            self.init(ProblemType("/problems/user-exists", status: .conflict, title: "The user exists already"))
        }
    }
}
