// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_PRINTED_TEXT_H_
#define CORE_EPAN_PRINTED_TEXT_H_

#include <string>

#include "absl/functional/function_ref.h"

namespace dissectd::engine {

// Whether a function of libwireshark closes `stdout` after it has printed.
enum class AfterPrinting { kLeavesOpen, kCloses };

// Returns the text that `print` writes to `stdout`, as some functions of
// libwireshark can't write elsewhere. glibc lets programs replace `stdout`, so
// nothing reaches the process's standard output. Returns an empty text if there
// is no memory.
std::string PrintedText(absl::FunctionRef<void()> print, AfterPrinting after);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_PRINTED_TEXT_H_
