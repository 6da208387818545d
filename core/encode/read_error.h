// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_READ_ERROR_H_
#define CORE_ENCODE_READ_ERROR_H_

#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/wtap_error.h"

namespace dissectd::engine {

// Returns the serialised dissectd.v1.Failure for the error that ended the
// reading of a file.
std::string ReadErrorBytes(const WtapError& error, absl::string_view file_name);

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_READ_ERROR_H_
