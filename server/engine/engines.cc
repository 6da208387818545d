// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engines.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"

namespace dissectd::server {
namespace {

// Whether a name is an id or its first parts. A number isn't cut, so that
// `wireshark-4.4` doesn't mean `wireshark-4.40.0`.
bool Fits(absl::string_view name, absl::string_view id) {
  if (!absl::StartsWith(id, name)) return false;
  return name.size() == id.size() ||
         !absl::ascii_isalnum(static_cast<unsigned char>(id[name.size()]));
}

// `engines` are the ids of those that there are.
absl::Status EngineNotFound(absl::string_view name,
                            const std::vector<absl::string_view>& engines) {
  return MakeError(
      absl::StatusCode::kNotFound,
      absl::StrCat("This server has no engine \"", name, "\"; it has ",
                   absl::StrJoin(engines, ", "), "."),
      {"ENGINE_NOT_FOUND", {{"engine", std::string(name)}}, {}});
}

}  // namespace

Engines::Engines(IoLoop* loop, std::vector<EngineSupervisor::Options> options,
                 Events events)
    : events_(std::move(events)), unsettled_(options.size()) {
  for (EngineSupervisor::Options& each : options) {
    each.on_ready_changed = [this, index = engines_.size()](bool) {
      OnReadyChanged(engines_[index].get());
    };
    each.on_unusable = [this] { SettleOne(); };
    engines_.push_back(
        std::make_unique<EngineSupervisor>(loop, std::move(each)));
  }
}

absl::Status Engines::Start() {
  for (const auto& engine : engines_) RETURN_IF_ERROR(engine->Start());
  return absl::OkStatus();
}

void Engines::Stop() {
  for (const auto& engine : engines_) engine->Stop();
}

void Engines::OnReadyChanged(EngineSupervisor* engine) {
  if (engine->ready() && engine->times_ready() == 1) SettleOne();
  events_.on_ready_changed(engine);
}

void Engines::SettleOne() {
  if (--unsettled_ == 0) events_.on_settled();
}

std::vector<EngineSupervisor*> Engines::All() const {
  std::vector<EngineSupervisor*> all;
  all.reserve(engines_.size());
  for (const auto& engine : engines_) all.push_back(engine.get());
  return all;
}

absl::StatusOr<EngineSupervisor*> Engines::Choose(
    absl::string_view name) const {
  if (name.empty()) return first();
  const auto found = std::find_if(
      engines_.begin(), engines_.end(),
      [&](const auto& engine) { return Fits(name, engine->engine()); });
  if (found != engines_.end()) return found->get();
  std::vector<absl::string_view> ids;
  for (const auto& engine : engines_) {
    if (engine->may_become_ready_first()) return errors::EngineUnavailable();
    if (!engine->engine().empty()) ids.emplace_back(engine->engine());
  }
  return EngineNotFound(name, ids);
}

absl::Status Engines::Check() const {
  if (first()->engine().empty()) {
    return absl::FailedPreconditionError(
        engines_.size() == 1
            ? "the engine failed to initialise; see its log above"
            : "the first engine failed to initialise; see its log above");
  }
  std::set<std::string> ids;
  for (const auto& engine : engines_) {
    const std::string& id = engine->engine();
    if (id.empty() || ids.insert(id).second) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("two of the engines are ", id,
                     "; each --engine must have another version of Wireshark"));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
