# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
#
# One image per service: docker build --target command-api (or query-api, consumer) .

FROM swift:6.3-bookworm AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends librabbitmq-dev libmongoc-dev zlib1g-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# The dependencies by themselves first: they change less often than the source.
COPY Package.swift ./
RUN swift package resolve
COPY Shared Shared
COPY command-api command-api
COPY query-api query-api
COPY consumer consumer
# No test is built here, but the manifest names their folders.
COPY Tests Tests
# Linked with the Swift runtime, so that the images need none.
# The programs by name: a plain build would also make what only tests need.
RUN for program in command-api query-api consumer; do \
      swift build -c release --static-swift-stdlib --product "$program" || exit 1; \
    done \
 && cd "$(swift build -c release --static-swift-stdlib --show-bin-path)" \
 && install -D -t /programs command-api query-api consumer

FROM debian:bookworm-slim AS runtime
# ca-certificates: to verify the peer of amqps:// and of MongoDB over TLS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends librabbitmq4 libmongoc-1.0-0 zlib1g ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin cqrs
# A crash prints its backtrace to the log.
COPY --from=build /usr/libexec/swift/linux/swift-backtrace-static /usr/local/libexec/swift-backtrace
ENV SWIFT_BACKTRACE=enable=yes,interactive=no,color=no,sanitize=yes,swift-backtrace=/usr/local/libexec/swift-backtrace
# Loopback, the default, would be the container's own.
ENV HTTP_HOST=0.0.0.0
USER 10001

FROM runtime AS command-api
COPY --from=build /programs/command-api /usr/local/bin/
EXPOSE 8000
ENTRYPOINT ["/usr/local/bin/command-api"]

FROM runtime AS query-api
COPY --from=build /programs/query-api /usr/local/bin/
EXPOSE 9000
ENTRYPOINT ["/usr/local/bin/query-api"]

FROM runtime AS consumer
COPY --from=build /programs/consumer /usr/local/bin/
EXPOSE 9100
ENTRYPOINT ["/usr/local/bin/consumer"]
CMD ["run"]
