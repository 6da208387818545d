// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_STATE_SOURCE_H_
#define SERVER_METRICS_STATE_SOURCE_H_

#include <functional>
#include <memory>
#include <optional>

#include "server/base/io_loop.h"

namespace dissectd::server::metrics {

// Runs a task on the loop's thread. Returns whether it has ended in time, and
// counts an incomplete scrape otherwise. The task may run after that. Not on
// the loop's thread.
bool RunOnLoop(IoLoop* loop, const std::function<void()>& task);

// Where a collector gets the state of a program's parts at one moment from.
template <typename State>
struct StateSource {
  // Fills in a part of the state.
  using Describe = std::function<void(State* state)>;

  // Returns nothing if the loop is too busy to answer.
  std::optional<State> Ask() const {
    const auto state = std::make_shared<State>();
    if (!RunOnLoop(loop, [state, describe_part = describe_on_loop] {
          describe_part(state.get());
        })) {
      return std::nullopt;
    }
    describe(state.get());
    return *state;
  }

  // Not owned; outlives the source.
  IoLoop* loop;
  // Called on the loop's thread.
  Describe describe_on_loop;
  // Called on a thread that may block.
  Describe describe;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_STATE_SOURCE_H_
