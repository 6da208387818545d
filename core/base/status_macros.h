// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_STATUS_MACROS_H_
#define CORE_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function if `expr`, an absl::Status, is not OK.
#define RETURN_IF_ERROR(expr)                          \
  do {                                                 \
    absl::Status dissectd_status = (expr);             \
    if (!dissectd_status.ok()) return dissectd_status; \
  } while (false)

#define DISSECTD_CONCAT_INNER(a, b) a##b
#define DISSECTD_CONCAT(a, b) DISSECTD_CONCAT_INNER(a, b)

// Evaluates `expr`, an absl::StatusOr<T>; returns its status from the enclosing
// function if it is not OK, else assigns its value to `lhs`.
#define ASSIGN_OR_RETURN(lhs, expr)                                          \
  ASSIGN_OR_RETURN_IMPL(DISSECTD_CONCAT(dissectd_status_or_, __LINE__), lhs, \
                        expr)
#define ASSIGN_OR_RETURN_IMPL(var, lhs, expr)    \
  auto var = (expr);                             \
  if (!var.ok()) return std::move(var).status(); \
  lhs = *std::move(var)

#endif  // CORE_BASE_STATUS_MACROS_H_
