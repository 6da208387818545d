// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_PACKET_SOURCE_H_
#define SERVER_CAPTURE_PACKET_SOURCE_H_

#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/timer.h"
#include "server/base/unique_fd.h"
#include "server/extcap/extcap.h"
#include "server/process/async_subprocess.h"

namespace dissectd::server {

// The extcap program that captures from one interface. It writes to a pipe from
// which dumpcap reads. Used on the loop's thread only.
class PacketSource : public std::enable_shared_from_this<PacketSource> {
 public:
  // Starts the program. `packets` gets the end of the pipe that dumpcap reads.
  // `on_end` is called once, later, when the program has ended, unless the
  // object is destroyed before. `context` is not owned and outlives this.
  // Errors: EXTCAP_FAILED.
  static absl::StatusOr<std::shared_ptr<PacketSource>> Start(
      asio::io_context* context, const ExtcapSource& source,
      absl::AnyInvocable<void()> on_end, UniqueFd* packets);

  // Kills the program.
  ~PacketSource();
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;

  bool has_ended() const { return process_ == nullptr; }

  const std::string& interface() const { return interface_; }

  // The path of the program.
  const std::string& program() const { return program_; }

  // The end of what the program has printed on standard error.
  const std::string& errors() const { return errors_; }

  // Why the program has ended by itself: OK if it hasn't, or did so without an
  // error. Errors: EXTCAP_FAILED.
  const absl::Status& failure() const { return failure_; }

  // Lets the program end by itself for the given time, then asks it to end by
  // SIGTERM, and kills it if it doesn't.
  void End(std::chrono::milliseconds patience);

  void Kill();

 private:
  PacketSource(asio::io_context* context, const ExtcapSource& source)
      : interface_(source.interface),
        program_(source.program),
        timer_(*context) {}

  void OnErrors(absl::string_view bytes);
  void OnEnd(int wait_status);
  // Sends the signal after this time, and SIGKILL some time later.
  void SignalAfter(std::chrono::milliseconds time, int signal);

  const std::string interface_;
  const std::string program_;
  // Null when it has ended.
  std::shared_ptr<AsyncSubprocess> process_;
  absl::AnyInvocable<void()> on_end_;
  std::string errors_;
  absl::Status failure_;
  // Whether the daemon has told it to end, so that its status doesn't matter.
  bool told_to_end_ = false;
  Timer timer_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_PACKET_SOURCE_H_
