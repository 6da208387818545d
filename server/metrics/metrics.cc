// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <chrono>
#include <optional>
#include <utility>

#include "server/base/steady_event.h"
#include "server/metrics/events.h"
#include "server/metrics/families.h"
#include "server/version.h"

namespace dissectd::server::metrics {
namespace {

// Prometheus waits for ten seconds by default.
constexpr std::chrono::seconds kLoopTimeout(3);

struct Answer {
  SteadyEvent given;
  DaemonState state;
};

// Asks the loop, which may be busy; nothing if it doesn't answer in time. The
// answer may come after that.
std::optional<DaemonState> AskLoop(const Metrics::Source& source) {
  const auto answer = std::make_shared<Answer>();
  const auto wanted = std::make_shared<std::atomic<bool>>(true);
  source.loop->Post([answer, wanted, describe = source.describe_on_loop] {
    if (!*wanted) return;
    describe(&answer->state);
    answer->given.Notify();
  });
  if (answer->given.AwaitFor(kLoopTimeout)) {
    return answer->state;
  }
  *wanted = false;
  return std::nullopt;
}

void AddBuild(const std::vector<std::string>& engines, Families* families) {
  FamilyBuilder builder(families, "dissectd_build_info",
                        "1 for each engine; the labels tell the versions.",
                        prometheus::MetricType::Gauge);
  for (const std::string& engine : engines) {
    builder.Add(1, {{"version", std::string(kVersion)}, {"engine", engine}});
  }
}

}  // namespace

void Metrics::SetSource(std::unique_ptr<Source> source) {
  const absl::MutexLock lock(&mutex_);
  source_ = std::move(source);
}

std::vector<prometheus::MetricFamily> Metrics::Collect() const {
  Families families;
  AddProcess(&families);
  {
    const absl::MutexLock lock(&mutex_);
    std::optional<DaemonState> state =
        source_ == nullptr ? std::nullopt : AskLoop(*source_);
    if (state.has_value()) {
      source_->describe(&*state);
      AddState(*state, &families);
      AddBuild(state->engines, &families);
    } else {
      Count(Event::kScrapeIncomplete);
    }
  }
  AddCalls(calls_, &families);
  AddWorkers(&families);
  AddQueueWaits(&families);
  AddEvents(&families);
  return families;
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(Collect());
}

}  // namespace dissectd::server::metrics
