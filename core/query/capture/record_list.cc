// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/record_list.h"

#include <algorithm>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/encode/read_error.h"
#include "core/epan/capture_file.h"
#include "core/epan/handles.h"
#include "core/query/capture/file_record.h"
#include "core/request/frame_range.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/file.schema.h"

namespace dissectd::engine {
namespace {

// For smaller messages, the cost of each message dominates.
constexpr size_t kMessageBytes = 64 << 10;

absl::StatusOr<FrameRange> ReadRange(absl::string_view bytes) {
  FrameRange range;
  RETURN_IF_ERROR(ReadRequestField(
      "ReadRecordsRequest", bytes, schema::ReadRecordsRequest::kRange,
      [&range](auto* message) {
        const protozero::data_view view = message->get_view();
        range = ReadFrameRange({view.data(), view.size()});
      }));
  RETURN_IF_ERROR(CheckFrameRange(range));
  return range;
}

std::optional<FrameTime> TimeOf(const wtap_rec& rec) {
  if ((rec.presence_flags & WTAP_HAS_TS) == 0) return std::nullopt;
  return FrameTime{rec.ts.secs, rec.ts.nsecs};
}

// Gathers records, and sends them in batches.
class RecordSender {
 public:
  explicit RecordSender(SendResponse send) : send_(send) {}

  absl::Status Add(const std::string& record) {
    protozero::pbf_builder<schema::ReadRecordsResponse>(response_).add_message(
        schema::ReadRecordsResponse::kRecords, record);
    return response_.size() < kMessageBytes ? absl::OkStatus() : Flush();
  }

  absl::Status End(const CaptureFile& file) {
    if (file.error().has_value()) {
      protozero::pbf_builder<schema::ReadRecordsResponse>(response_)
          .add_message(schema::ReadRecordsResponse::kReadError,
                       ReadErrorBytes(*file.error(), file.name()));
    }
    return response_.empty() ? absl::OkStatus() : Flush();
  }

 private:
  absl::Status Flush() {
    const absl::Status status = send_(response_);
    response_.clear();
    return status;
  }

  SendResponse send_;
  std::string response_;
};

}  // namespace

absl::Status ReadRecords(const QueryContext& context, absl::string_view request,
                         SendResponse send) {
  ASSIGN_OR_RETURN(const FrameRange range, ReadRange(request));
  ASSIGN_OR_RETURN(
      CaptureFile file,
      CaptureFile::Open(context.capture, context.capture_name,
                        /*random_access=*/false, EmptyFile::kAllow));
  RecordSender sender(send);
  Record record;
  int64_t offset = 0;
  uint32_t number = 0;
  uint32_t sent = 0;
  while ((range.last == 0 || number < range.last) &&
         (range.limit == 0 || sent < range.limit) &&
         file.Read(&record, &offset)) {
    ++number;
    if (number >= range.first && range.HasTime(TimeOf(*record.rec()))) {
      ++sent;
      RETURN_IF_ERROR(sender.Add(RecordMessage(number, offset, *record.rec())));
    }
  }
  return sender.End(file);
}

}  // namespace dissectd::engine
