// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_QUERY_H_
#define CORE_QUERY_QUERY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/epan/epan.h"
#include "core/epan/library.h"

namespace dissectd::engine {

class SessionCapture;
class StatisticsWatch;

// The context of a query. Nothing is owned; everything outlives it.
struct QueryContext {
  // A process that answers only one query may close it and open it again.
  Epan* epan;
  // Whether no data from outside reaches this process, so that it may read
  // folders and run programs.
  bool trusted = false;
  // Whether libwireshark may ask name servers.
  bool allow_external_resolver = false;
  // WorkerPolicy.allow_lua.
  bool allow_lua = false;
  // The greatest number of processes that share a pass over a session's frames.
  uint32_t pass_workers = 1;
  // WorkerPolicy.restart, for the query that is being answered.
  std::function<absl::Status(const InitOptions& options)> restart;
  // For queries about a capture: its file, and the name without folders.
  int capture = -1;
  std::string capture_name;
  // The session that this process belongs to; null if it belongs to none.
  SessionCapture* session = nullptr;
  // Sends a response, in pieces to join, with the frames up to this one. For
  // the query that is being answered.
  std::function<absl::Status(absl::Span<const absl::string_view> pieces,
                             uint32_t last_frame)>
      send_frames;
  // For the query that is being answered, as CaptureEdits::Parse takes them.
  absl::string_view edits;
  absl::string_view kept_records;
  // The reports that this process makes of a live capture; null if it makes
  // none.
  StatisticsWatch* watch = nullptr;
  // For queries about several captures: their files, and in some queries their
  // names, each with a null after it.
  std::vector<int> inputs;
  absl::string_view input_names;
  // The number of records to read of a capture.
  uint32_t max_records = UINT32_MAX;
  // The file to write the answer to, if any, and the limit of its size.
  int output = -1;
  uint64_t max_output_bytes = 0;
};

// Sends a response. An error ends the query.
using SendResponse =
    absl::FunctionRef<absl::Status(absl::string_view response)>;

// Answers a query: parses the serialised request, and sends the responses.
using QueryFn = absl::Status (*)(const QueryContext& context,
                                 absl::string_view request, SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_QUERY_H_
