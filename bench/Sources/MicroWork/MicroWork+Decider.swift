// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

import Essentials
import Essentials
import Users

extension MicroWork {
    static let decider = [
        MicroWork("decide and evolve a registration") {
            let command = UserDecider.Command.create(
                CreateUser(
                    id: Samples.id, name: try UserName("Ada Lovelace"), email: try EmailAddress("ada@computing.org")))
            return {
                for _ in 0..<$0 {
                    guard let event = try UserDecider.decide(command, UserDecider.initialState).first else { return }
                    blackHole(UserDecider.evolve(UserDecider.initialState, event))
                }
            }
        },
        MicroWork("check name and address") {
            {
                for _ in 0..<$0 {
                    blackHole(try UserName("Ada Lovelace"))
                    blackHole(try EmailAddress("ada@computing.org"))
                }
            }
        },
    ]
}
