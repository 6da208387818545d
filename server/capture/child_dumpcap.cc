// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/child_dumpcap.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/dumpcap/sync_pipe.h"

namespace dissectd::server {

absl::StatusOr<std::shared_ptr<ChildDumpcap>> ChildDumpcap::Start(
    asio::io_context* context, const Command& command,
    AsyncSubprocess::Descriptors descriptors, Handlers handlers) {
  struct Reader {
    SyncPipeParser parser;
    Handlers handlers;
  };
  const auto reader = std::make_shared<Reader>();
  reader->handlers = std::move(handlers);
  AsyncSubprocess::Handlers output;
  output.on_stderr = [reader](absl::string_view bytes) {
    reader->handlers.on_messages(reader->parser.Take(bytes));
  };
  output.on_end = [reader](int wait_status) {
    if (reader->parser.in_message()) {
      reader->handlers.on_messages(
          absl::DataLossError("an incomplete message"));
    }
    reader->handlers.on_end({wait_status});
  };
  ASSIGN_OR_RETURN(std::shared_ptr<AsyncSubprocess> program,
                   AsyncSubprocess::Start(context, command, std::move(output),
                                          std::move(descriptors)));
  // make_shared can't call the private constructor.
  return std::shared_ptr<ChildDumpcap>(new ChildDumpcap(std::move(program)));
}

}  // namespace dissectd::server
