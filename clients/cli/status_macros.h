// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_STATUS_MACROS_H_
#define CLIENTS_CLI_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns from the enclosing function if the expression is not OK.
#define RETURN_IF_ERROR(expression)                      \
  do {                                                   \
    if (absl::Status status_macro_result = (expression); \
        !status_macro_result.ok()) {                     \
      return status_macro_result;                        \
    }                                                    \
  } while (false)

// Assigns the value of a StatusOr, or returns its status.
#define ASSIGN_OR_RETURN(lhs, expression)                             \
  STATUS_MACROS_ASSIGN(STATUS_MACROS_JOIN(status_or_, __LINE__), lhs, \
                       expression)

#define STATUS_MACROS_ASSIGN(variable, lhs, expression) \
  auto variable = (expression);                         \
  if (!variable.ok()) return variable.status();         \
  lhs = *std::move(variable)

#define STATUS_MACROS_JOIN(a, b) STATUS_MACROS_JOIN_INNER(a, b)
#define STATUS_MACROS_JOIN_INNER(a, b) a##b

#endif  // CLIENTS_CLI_STATUS_MACROS_H_
