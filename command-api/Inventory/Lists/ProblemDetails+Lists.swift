// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import HTTPTypes
import Inventory
import ServiceKit

extension ListDecider.Rejection: DescribedRefusal {
    /// What a rejection is to an HTTP client.
    var problem: ProblemDetails {
        switch self {
        case .alreadyExists: return ProblemDetails(ProblemType.listExists)
        case .noSuchList: return ProblemDetails(ProblemType.listNotFound)
        case .tooManyLines:
            var problem = ProblemDetails(
                ProblemType.tooManyLines, detail: "a list can have \(ListDecider.lineLimit) lines")
            problem.extensions.append("maximum", .number(JSONNumber(ListDecider.lineLimit)))
            return problem
        }
    }
}

extension ProblemType {
    /// 404: there is no such list.
    static let listNotFound = ProblemType(
        "/problems/list-not-found", status: .notFound, title: "There is no such list")
    /// 409: the list is there already.
    static let listExists = ProblemType("/problems/list-exists", status: .conflict, title: "The list is there already")
    /// 409: the list has as many lines as it can have.
    static let tooManyLines = ProblemType(
        "/problems/too-many-lines", status: .conflict, title: "The list has too many lines")
}
