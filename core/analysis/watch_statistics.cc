// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/watch_statistics.h"

#include <protozero/pbf_builder.hpp>
#include <utility>

#include "core/analysis/analysis_run.h"
#include "core/analysis/report.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/dissection/live_stream.h"
#include "core/dissection/tap_sink.h"
#include "core/epan/capture_file.h"
#include "core/query/query_settings.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr ipc::StreamNumber kOnlyStream = 1;

std::string Response(schema::WatchStatisticsResponse kind,
                     absl::string_view message) {
  std::string response;
  protozero::pbf_builder<schema::WatchStatisticsResponse>(response).add_message(
      kind, message.data(), message.size());
  return response;
}

}  // namespace

// Counts the frames, and takes the end of the capture.
class StatisticsWatch::Sink final : public TapSink {
 public:
  // `watch` outlives this.
  explicit Sink(StatisticsWatch* watch) : watch_(watch) {}

  absl::Status AddFrame(epan_dissect_t*, const frame_data&,
                        ColumnSet*) override {
    ++watch_->frames_;
    return absl::OkStatus();
  }

  absl::Status SendEnd(EndReason, const ProgressReport&, const WtapError* error,
                       absl::string_view file_name) override {
    watch_->end_ = Response(schema::WatchStatisticsResponse::kEnd,
                            AnalysisEndBytes(watch_->frames_, error, file_name,
                                             watch_->reports_->notices()));
    return absl::OkStatus();
  }

 private:
  StatisticsWatch* const watch_;
};

absl::StatusOr<std::unique_ptr<StatisticsWatch>> StatisticsWatch::Create(
    const QueryContext& context, absl::string_view request) {
  // make_unique can't call the private constructor.
  std::unique_ptr<StatisticsWatch> watch(new StatisticsWatch(context));
  RETURN_IF_ERROR(watch->Prepare(request));
  return watch;
}

absl::Status StatisticsWatch::Prepare(absl::string_view request) {
  std::string options;
  std::vector<std::string> reports;
  bool text = false;
  RETURN_IF_ERROR(ReadRequestFields<schema::WatchStatisticsRequest>(
      "WatchStatisticsRequest", request, [&](auto* message) {
        switch (message->tag()) {
          case schema::WatchStatisticsRequest::kReports:
            reports.push_back(ReportArgument(message->get_bytes()));
            break;
          case schema::WatchStatisticsRequest::kOptions:
            options = message->get_bytes();
            break;
          case schema::WatchStatisticsRequest::kText:
            text = GetBool(message);
            break;
          default:
            message->skip();
        }
      }));
  ASSIGN_OR_RETURN(settings_.options, ParseDissectionOptions(options));
  RETURN_IF_ERROR(ApplyQuerySettings(context_, settings_));
  ReportEnvironment environment;
  environment.capture_name = context_.capture_name;
  ASSIGN_OR_RETURN(
      reports_, RequestedReports::Begin(
                    reports, text, environment,
                    [this](absl::string_view result) { return Take(result); }));
  settings_.view.columns.use_profile_columns = NeedsOfTaps().columns;
  return absl::OkStatus();
}

absl::Status StatisticsWatch::Take(absl::string_view result) {
  std::string response =
      Response(schema::WatchStatisticsResponse::kResult, result);
  if (send_ != nullptr) return (*send_)(response);
  sent_.push_back(std::move(response));
  return absl::OkStatus();
}

absl::Status StatisticsWatch::Run(LiveSource* live, HandleFn handle) {
  handle_ = std::move(handle);
  ASSIGN_OR_RETURN(CaptureFile file,
                   CaptureFile::Open(context_.capture, context_.capture_name,
                                     /*random_access=*/false));
  RETURN_IF_ERROR(live->Begin());
  dissection_.emplace(settings_, std::move(file),
                      LiveDissection::Deps{context_.epan, live, this});
  ASSIGN_OR_RETURN(
      std::unique_ptr<LiveStream> stream,
      LiveStream::Create(
          kOnlyStream, DissectRequest(),
          [this](const DissectRequest&, const ipc::StreamMessage&) {
            return LiveStream::Output{std::make_unique<Sink>(this), nullptr};
          }));
  RETURN_IF_ERROR(dissection_->AddFromBeginning(std::move(stream)));
  return dissection_->Run();
}

absl::Status StatisticsWatch::OnMessage(const WorkerChannel::Message& message) {
  RETURN_IF_ERROR(handle_(message));
  if (message.type == ipc::MessageType::kStartFork) {
    frames_of_last_round_ = frames_;
  }
  return absl::OkStatus();
}

absl::Status StatisticsWatch::OnStreamEnd(const LiveStream&) {
  return absl::OkStatus();
}

absl::Status StatisticsWatch::OnSlowStream(const LiveStream&) {
  return absl::OkStatus();
}

absl::Status StatisticsWatch::Finish(SendResponse send) {
  if (frames_ == frames_of_last_round_ && !end_.has_value()) {
    return absl::OkStatus();
  }
  for (const std::string& response : sent_) RETURN_IF_ERROR(send(response));
  send_ = &send;
  RETURN_IF_ERROR(reports_->Finish());
  std::string round;
  protozero::pbf_builder<schema::StatisticsRound>(round).add_uint32(
      schema::StatisticsRound::kFramesRead, frames_);
  RETURN_IF_ERROR(
      send(Response(schema::WatchStatisticsResponse::kRound, round)));
  return end_.has_value() ? send(*end_) : absl::OkStatus();
}

absl::Status FinishStatistics(const QueryContext& context, absl::string_view,
                              SendResponse send) {
  if (context.watch == nullptr) return UnexpectedMessage();
  return context.watch->Finish(send);
}

}  // namespace dissectd::engine
