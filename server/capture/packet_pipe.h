// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_PACKET_PIPE_H_
#define SERVER_CAPTURE_PACKET_PIPE_H_

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// The pipe through which dumpcap gets the packets of a client. Used on the
// loop's thread only; no call blocks.
class PacketPipe : public std::enable_shared_from_this<PacketPipe> {
 public:
  using Done = absl::AnyInvocable<void(bool written)>;

  // `context` is not owned and outlives this.
  explicit PacketPipe(asio::io_context* context) : pipe_(*context) {}

  // Returns the end that dumpcap reads from. Call it once, first.
  absl::StatusOr<UniqueFd> Open();

  // Writes bytes, and calls `done` after this has returned: with false if they
  // can't be written, as dumpcap has ended or the pipe is closed. The next call
  // must wait for that.
  void Write(std::string bytes, Done done);

  // Lets dumpcap find the end of the packets after what is written.
  void Close();

 private:
  asio::posix::stream_descriptor pipe_;
  // What is being written.
  std::string bytes_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_PACKET_PIPE_H_
