// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/warning_collector.h"

#include "core/base/utf8.h"

namespace dissectd::engine {
namespace {

struct State {
  bool collects = false;
  std::vector<std::string> warnings;
};

// The state is global, as libwireshark's callback has no user data.
State& ProcessState() {
  static auto& state = *new State();
  return state;
}

}  // namespace

WarningCollector::WarningCollector() {
  ProcessState() = {/*collects=*/true, {}};
}

WarningCollector::~WarningCollector() { ProcessState().collects = false; }

void WarningCollector::Add(absl::string_view warning) {
  State& state = ProcessState();
  if (!state.collects) return;
  state.warnings.push_back(
      MakeValidUtf8(warning.substr(0, warning.find('\n'))));
}

const std::vector<std::string>& WarningCollector::Collected() {
  return ProcessState().warnings;
}

}  // namespace dissectd::engine
