// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_READ_FORMAT_H_
#define CORE_EPAN_READ_FORMAT_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd::engine {

// Returns wiretap's number of the reader with a name, as
// `tshark -X read_format:NAME` takes it, in the current order of wiretap's
// readers; WTAP_TYPE_AUTO if the name is empty. Errors: INVALID_ARGUMENT
// (READ_FORMAT_UNKNOWN).
absl::StatusOr<unsigned> ReadFormatNumber(const std::string& name);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_READ_FORMAT_H_
