// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/resumption.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "core/ipc/struct_bytes.h"

namespace dissectd::engine {

absl::StatusOr<Resumption> Resumption::Take(absl::string_view* request) {
  Resumption resumption;
  bool complete = ipc::TakeStruct(request, &resumption.start_);
  for (uint32_t i = 0; complete && i < resumption.start_.crash_count; ++i) {
    complete = ipc::TakeStruct(request, &resumption.crashes_.emplace_back());
  }
  if (!complete) {
    return absl::InternalError("a request to dissect is cut short");
  }
  return resumption;
}

Resumption Resumption::After(std::vector<ipc::KnownCrash> crashes) {
  Resumption resumption;
  resumption.crashes_ = std::move(crashes);
  return resumption;
}

bool Resumption::WasReported(const ipc::PassPosition& position) const {
  const ipc::PassPosition& reported = start_.reported;
  return position.pass < reported.pass ||
         (position.pass == reported.pass && position.record <= reported.record);
}

bool Resumption::CrashedInFirstPass(uint32_t record) const {
  return std::any_of(
      crashes_.begin(), crashes_.end(), [&](const ipc::KnownCrash& crash) {
        return crash.position.pass == 1 && crash.position.record == record;
      });
}

const ipc::KnownCrash* Resumption::CrashAt(uint32_t frame) const {
  const auto found = std::find_if(
      crashes_.begin(), crashes_.end(),
      [&](const ipc::KnownCrash& crash) { return crash.frame == frame; });
  return found == crashes_.end() ? nullptr : &*found;
}

CrashReport ReportOf(const ipc::KnownCrash& crash) {
  CrashReport report;
  report.frame_number = crash.frame;
  report.protocol = std::string(
      crash.protocol, strnlen(crash.protocol, sizeof(crash.protocol)));
  report.signal = crash.signal;
  report.exit_status = crash.exit_status;
  return report;
}

}  // namespace dissectd::engine
