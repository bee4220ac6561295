// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import CQRS
import ServiceKit

/// Why a command was refused, as an HTTP client is told.
protocol DescribedRefusal: Error {
    var problem: ProblemDetails { get }
}

extension CommandRefusal: DescribedRefusal {
    var problem: ProblemDetails { ProblemDetails(self) }
}
