// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_INTERFACE_STATE_WATCH_H_
#define SERVER_CAPTURE_INTERFACE_STATE_WATCH_H_

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/base/timer.h"

namespace dissectd::server {

// Looks once a second whether network interfaces went down or came up. dumpcap
// waits for an interface that is down without saying so.
class InterfaceStateWatch
    : public std::enable_shared_from_this<InterfaceStateWatch> {
 public:
  using Changed = std::function<void(const std::string& name, bool up)>;

  // Names without a network interface are never reported. `context` must
  // outlive the watch, whose functions and `changed` run on its thread.
  InterfaceStateWatch(asio::io_context* context, std::vector<std::string> names,
                      Changed changed);

  void Start();
  // Ends the watch: `changed` isn't called after this.
  void Stop();

 private:
  void Look();

  Timer timer_;
  const std::vector<std::string> names_;
  Changed changed_;
  // Whether each interface was up the last time.
  std::map<std::string, bool> up_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_INTERFACE_STATE_WATCH_H_
