// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#ifndef CMONGOC_SHIM_H
#define CMONGOC_SHIM_H

#include <mongoc/mongoc.h>

// bson_t is aligned to 128 bytes, more than Swift imports: Swift sees an opaque pointer, and asks here for the rest.

static inline size_t cmongoc_bson_size(void) { return sizeof(bson_t); }

static inline size_t cmongoc_bson_alignment(void) { return _Alignof(bson_t); }

static inline uint32_t cmongoc_bson_length(const bson_t *bson) { return bson->len; }

#endif
