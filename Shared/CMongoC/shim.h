// This source file is part of the swift-cqrs project.
// SPDX-License-Identifier: MIT

#ifndef CMONGOC_SHIM_H
#define CMONGOC_SHIM_H

#include <mongoc/mongoc.h>

#endif
