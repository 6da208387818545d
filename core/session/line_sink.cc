// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/line_sink.h"

#include <cstddef>
#include <protozero/pbf_builder.hpp>
#include <utility>

#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/encode/stream_encoder.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

using LineBuilder = protozero::pbf_builder<schema::FrameSummary>;

// Returns what is known of a frame without dissecting it.
std::string StartOfLine(const frame_data& frame) {
  std::string line;
  LineBuilder out(line);
  out.add_uint32(schema::FrameSummary::kNumber, frame.num);
  if (frame.has_ts != 0) {
    AddTime(frame.abs_ts, schema::FrameSummary::kTime, &out);
  }
  out.add_uint32(schema::FrameSummary::kOriginalLength, frame.pkt_len);
  out.add_bool(schema::FrameSummary::kMarked, frame.marked != 0);
  out.add_bool(schema::FrameSummary::kIgnored, frame.ignored != 0);
  out.add_bool(schema::FrameSummary::kTimeReference, frame.ref_time != 0);
  return line;
}

}  // namespace

std::string ListColumns(const ColumnSet& columns) {
  std::string response;
  protozero::pbf_builder<schema::ListFramesResponse> out(response);
  for (const ColumnSet::Definition& column : columns.definitions()) {
    out.add_message(schema::ListFramesResponse::kColumns, EncodeColumn(column));
  }
  return response;
}

LineSink::LineSink(const Options& options) : options_(options) {
  if (options.colors) rules_.emplace();
}

FrameNeeds LineSink::needs() const {
  FrameNeeds needs;
  needs.tree = options_.filter != nullptr;
  needs.columns = true;
  needs.colors = options_.colors || options_.filter_needs_colors;
  return needs;
}

absl::Status LineSink::AddFrame(epan_dissect_t* /*edt*/,
                                const frame_data& frame, ColumnSet* columns) {
  std::string line = StartOfLine(frame);
  LineBuilder out(line);
  for (size_t i = 0; i < columns->definitions().size(); ++i) {
    out.add_string(schema::FrameSummary::kColumns,
                   MakeValidUtf8(columns->Text(i)));
  }
  const uint32_t rule = rules_.has_value() ? rules_->NumberOf(frame) : 0;
  out.add_uint32(schema::FrameSummary::kColoringRule,
                 rule == 0 ? 0 : NumberOfRule(rule));
  out.add_bool(schema::FrameSummary::kCommented,
               options_.session->shows_comments());
  return AddLine(frame.num, std::move(line));
}

absl::Status LineSink::SendCrash(const CrashReport& crash) {
  std::string line =
      StartOfLine(*options_.session->opened()->FindFrame(crash.frame_number));
  LineBuilder out(line);
  for (size_t i = 0; i < options_.columns->definitions().size(); ++i) {
    out.add_string(schema::FrameSummary::kColumns, "");
  }
  out.add_bool(schema::FrameSummary::kCrashed, true);
  return AddLine(crash.frame_number, std::move(line));
}

}  // namespace dissectd::engine
