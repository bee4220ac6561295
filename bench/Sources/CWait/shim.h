// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#ifndef CWAIT_SHIM_H
#define CWAIT_SHIM_H

#include <poll.h>
#include <stdint.h>
#include <time.h>

// poll(2) counts in milliseconds, too coarse for arrivals on schedule, and Swift's Glibc module does not see ppoll(2),
// which is not POSIX: glibc hides it unless it is asked for before its first header.
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const void *);

static inline int cwait_poll(struct pollfd *descriptors, nfds_t count, int64_t nanoseconds) {
  struct timespec timeout = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  return ppoll(descriptors, count, &timeout, 0);
}

#endif
