// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_QUERY_H_
#define CORE_QUERY_QUERY_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/epan.h"

namespace dissectd::engine {

// What an answer is made with. Nothing is owned; all outlives it.
struct QueryContext {
  // May be closed, and opened again, in a process that answers only once.
  Epan* epan;
  // Whether name servers may be asked.
  bool allow_external_resolver = false;
  // Of a query about a capture: the file, and its name without folders.
  int capture = -1;
  std::string capture_name;
  // The file that the answer is written to, if there is one, and how large it
  // may become.
  int output = -1;
  uint64_t max_output_bytes = 0;
};

// Sends a response. An error of it ends the answer.
using SendResponse =
    absl::FunctionRef<absl::Status(absl::string_view response)>;

// Answers one query: reads the serialised request, and sends its responses.
using QueryFn = absl::Status (*)(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_QUERY_H_
