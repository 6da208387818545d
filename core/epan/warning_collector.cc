// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/warning_collector.h"

#include <utility>

#include "core/base/utf8.h"

namespace dissectd::engine {
namespace {

struct State {
  // Null if there is no collector.
  WarningCollector::Rewrite rewrite;
  std::vector<std::string> warnings;
};

// The state is global, as libwireshark's callback has no user data.
State& ProcessState() {
  static auto& state = *new State();
  return state;
}

}  // namespace

WarningCollector::WarningCollector(Rewrite rewrite) {
  ProcessState() = {std::move(rewrite), {}};
}

WarningCollector::~WarningCollector() { ProcessState().rewrite = nullptr; }

void WarningCollector::Add(absl::string_view warning) {
  AddReport(warning.substr(0, warning.find('\n')));
}

void WarningCollector::AddReport(absl::string_view report) {
  State& state = ProcessState();
  if (state.rewrite == nullptr) return;
  state.warnings.push_back(MakeValidUtf8(state.rewrite(report)));
}

const std::vector<std::string>& WarningCollector::Collected() {
  return ProcessState().warnings;
}

}  // namespace dissectd::engine
