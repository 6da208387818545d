// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_report.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analysis/follow_argument.h"
#include "core/analysis/follow_text.h"
#include "core/analysis/follower.h"
#include "core/analysis/stream_recording.h"
#include "core/base/status_macros.h"

namespace dissectd::engine {
namespace {

constexpr size_t kPartBytes = 256 << 10;

// Sends a text in parts of limited size.
class TextSender {
 public:
  explicit TextSender(ReportSink* sink) : sink_(sink) {}

  absl::Status Add(absl::string_view text) {
    text_.append(text.data(), text.size());
    return text_.size() < kPartBytes ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    absl::string_view rest = text_;
    while (!rest.empty()) {
      RETURN_IF_ERROR(sink_->Send("", rest.substr(0, kPartBytes)));
      rest.remove_prefix(std::min(rest.size(), kPartBytes));
    }
    text_.clear();
    return absl::OkStatus();
  }

 private:
  ReportSink* const sink_;
  std::string text_;
};

absl::Status ListenerError() {
  return ReportArgumentError("follow - Error registering tap listener.");
}

// Whether tshark takes a number for one: the largest one is `-1`, which it has
// for none. Without the number of a stream, it misses the addresses.
bool HasNumber(const std::optional<uint32_t>& number) {
  return number.has_value() && *number != std::numeric_limits<uint32_t>::max();
}

class FollowReport final : public Report {
 public:
  FollowReport(const Follower& follower, const FollowArgument& argument)
      : follower_(follower), argument_(argument) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::StatusOr<SelectedStream> Select() const;

  const Follower& follower_;
  const FollowArgument argument_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<StreamRecording> recording_;
};

absl::StatusOr<SelectedStream> FollowReport::Select() const {
  const bool by_number = HasNumber(argument_.stream);
  const std::optional<SelectedStream> selected =
      by_number ? SelectByNumber(follower_, *argument_.stream,
                                 HasNumber(argument_.sub_stream)
                                     ? argument_.sub_stream
                                     : std::nullopt)
                : SelectByEndpoints(follower_, argument_.endpoints[0],
                                    argument_.endpoints[1]);
  if (!selected.has_value()) {
    return ReportArgumentError(
        by_number ? "follow - Error creating filter for this stream."
                  : "follow - Error creating filter for this address/port "
                    "pair.\n");
  }
  if (!by_number && argument_.stream.has_value()) return ListenerError();
  return *selected;
}

absl::Status FollowReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  ASSIGN_OR_RETURN(const SelectedStream stream, Select());
  absl::StatusOr<std::unique_ptr<StreamRecording>> recording =
      StreamRecording::Begin(follower_, stream);
  if (!recording.ok()) return ListenerError();
  recording_ = *std::move(recording);
  return absl::OkStatus();
}

absl::Status FollowReport::Finish() {
  if (!sink_->wants_text()) return absl::OkStatus();
  TextSender sender(sink_);
  FollowText text(argument_.mode);
  RETURN_IF_ERROR(
      sender.Add(text.Head(follower_.filter_name, recording_->info())));
  uint32_t number = 0;
  for (const follow_record_t* record : recording_->Records()) {
    ++number;
    const bool shown = number >= argument_.first && number <= argument_.last;
    RETURN_IF_ERROR(sender.Add(text.Record(*record, shown)));
  }
  RETURN_IF_ERROR(sender.Add(text.Tail()));
  return sender.Flush();
}

ReportType TypeOf(const Follower& follower) {
  ReportType type;
  type.name = absl::StrCat("follow,", follower.filter_name);
  type.usage = follower.has_sub_streams
                   ? ",mode,stream,substream[,range]"
                   : ",mode,stream|address:port,address:port[,range]";
  type.table = schema::TableKind::kUnspecified;
  type.make = [&follower, name = type.name](const std::string& argument)
      -> absl::StatusOr<std::unique_ptr<Report>> {
    ASSIGN_OR_RETURN(const FollowArgument parsed,
                     ParseFollowArgument(argument.substr(name.size()),
                                         follower.has_sub_streams));
    return std::make_unique<FollowReport>(follower, parsed);
  };
  return type;
}

}  // namespace

std::vector<ReportType> FollowReports() {
  std::vector<ReportType> types;
  for (const Follower& follower : Followers()) {
    types.push_back(TypeOf(follower));
  }
  return types;
}

}  // namespace dissectd::engine
