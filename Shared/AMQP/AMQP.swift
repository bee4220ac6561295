// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

internal import CRabbitMQ
