// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_ENGINES_H_
#define SERVER_ENGINE_ENGINES_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/io_loop.h"
#include "server/engine/engine_supervisor.h"

namespace dissectd::server {

// The engines of a daemon, each of which may have another version of Wireshark.
// They are independent: if one dies, the others go on.
//
// All methods except the constructor and destructor run on the loop's thread.
class Engines {
 public:
  struct Events {
    // Called whenever an engine becomes ready, or is no longer ready.
    std::function<void(EngineSupervisor* engine)> on_ready_changed;
    // Called once, when each engine has been ready or is known to be unusable.
    std::function<void()> on_settled;
  };

  // `options` has at least one engine, and no callbacks. `loop` is not owned
  // and outlives this.
  Engines(IoLoop* loop, std::vector<EngineSupervisor::Options> options,
          Events events);
  Engines(const Engines&) = delete;
  Engines& operator=(const Engines&) = delete;

  // Starts all programs. Errors: those of EngineSupervisor::Start.
  absl::Status Start();

  // Ends all programs and workers, permanently.
  void Stop();

  // The one that serves requests which choose none.
  EngineSupervisor* first() const { return engines_.front().get(); }

  // In the operator's order.
  std::vector<EngineSupervisor*> All() const;

  // Returns the first engine whose id is `name`, or begins with it and then
  // goes on with another part (`wireshark-4.4` for `wireshark-4.4.19`); the
  // first of all if it is empty. Errors: ENGINE_NOT_FOUND; ENGINE_UNAVAILABLE
  // if an engine that was never ready may still have the name.
  absl::StatusOr<EngineSupervisor*> Choose(absl::string_view name) const;

  // Checks that the engines can serve: the first one is ready or has been, and
  // no two have the same id. Errors: a message for the operator.
  absl::Status Check() const;

 private:
  void OnReadyChanged(EngineSupervisor* engine);
  void SettleOne();

  Events events_;
  std::vector<std::unique_ptr<EngineSupervisor>> engines_;
  size_t unsettled_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_ENGINES_H_
