// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/protocol_count.h"

#include <memory>
#include <utility>

#include "core/base/status_macros.h"
#include "core/encode/protocol_counter.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::engine {

ProtocolCount::ProtocolCount(const DissectRequest& settings, CaptureFile file,
                             Epan* epan, WorkerChannel* channel,
                             LiveSource* live)
    : channel_(channel),
      dissection_(settings, std::move(file), {epan, live, this}) {}

absl::Status ProtocolCount::Run() {
  constexpr ipc::StreamNumber kOnlyStream = 1;
  ASSIGN_OR_RETURN(
      std::unique_ptr<LiveStream> stream,
      LiveStream::Create(
          kOnlyStream, DissectRequest(),
          [this](const DissectRequest&, const ipc::StreamMessage&) {
            // Messages don't depend on each other, so nothing has to be
            // forgotten.
            return LiveStream::Output{
                std::make_unique<ProtocolCounter>(
                    [this](absl::Time time, absl::string_view counts) {
                      ipc::CountedSlot slot = {};
                      slot.begin_nanoseconds = absl::ToUnixNanos(time);
                      return channel_->Send(ipc::MessageType::kMessage,
                                            {ipc::BytesOf(slot), counts});
                    }),
                nullptr};
          }));
  RETURN_IF_ERROR(dissection_.AddFromBeginning(std::move(stream)));
  return dissection_.Run();
}

}  // namespace dissectd::engine
