// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_DONE_FN_H_
#define SERVER_BASE_DONE_FN_H_

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"

namespace dissectd::server {

// Called once with the outcome of an operation.
using DoneFn = absl::AnyInvocable<void(const absl::Status& status)>;

}  // namespace dissectd::server

#endif  // SERVER_BASE_DONE_FN_H_
