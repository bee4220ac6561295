# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""server.py PORT PREFIX USERS: users by GraphQL, from a table in memory, on 127.0.0.1:PORT. One process, as a query-api is one."""

import datetime
import sys
import uuid
from typing import Optional

import strawberry
import uvicorn
from strawberry.asgi import GraphQL

port, prefix, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
BEGIN = datetime.datetime.now(datetime.timezone.utc)


@strawberry.type
class User:
    id: strawberry.ID
    name: str
    email: str
    version: int
    created_at: datetime.datetime
    updated_at: datetime.datetime


def made_up(number):
    """The user that the load generator makes of this number."""
    return User(
        id=strawberry.ID(str(uuid.uuid4())),
        name=f"User {number}",
        email=f"{prefix}-{number}@bench.example",
        version=1,
        created_at=BEGIN,
        updated_at=BEGIN,
    )


USERS = {user.email: user for user in map(made_up, range(count))}


@strawberry.type
class Query:
    @strawberry.field
    async def user(self, email: str) -> Optional[User]:
        return USERS.get(email.lower())


uvicorn.run(GraphQL(strawberry.Schema(Query)), host="127.0.0.1", port=port, log_level="warning", access_log=False)
