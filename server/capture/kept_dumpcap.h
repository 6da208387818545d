// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEPT_DUMPCAP_H_
#define SERVER_CAPTURE_KEPT_DUMPCAP_H_

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture_process.h"
#include "server/capture/keeper_files.h"
#include "server/capture_keeper/keeper_record.h"
#include "server/process/subprocess.h"

namespace dissectd::server {

// A dumpcap that is a child of a capture-keeper. Destruction leaves it to the
// next daemon. Used on the loop's thread only.
class KeptDumpcap : public CaptureProcess,
                    public std::enable_shared_from_this<KeptDumpcap> {
 public:
  // How to start a keeper.
  struct Launch {
    // The path of capture-keeper.
    std::string program;
    // How long it waits for another daemon.
    std::chrono::seconds patience{0};
    KeeperFiles files;
    // What the next daemon has to know.
    std::string notes;
  };
  // What is known of a capture already: the numbers of files, of reports of
  // dropped packets, and of packets.
  struct Position {
    uint64_t files = 0;
    uint64_t drops = 0;
    uint64_t packets = 0;
  };

  // Starts a keeper, which starts dumpcap. `context` is not owned and outlives
  // this. Errors: those of AsyncSubprocess, about the keeper.
  static absl::StatusOr<std::shared_ptr<KeptDumpcap>> Start(
      asio::io_context* context, const Command& dumpcap, Launch launch,
      Handlers handlers);

  // Goes on with a capture. Handlers are called later; they get what is new
  // after `position`, and all errors again. `on_start` isn't called.
  static std::shared_ptr<KeptDumpcap> Adopt(asio::io_context* context,
                                            KeptCapture kept,
                                            const Position& position,
                                            Handlers handlers);

  void Signal(int signal) override;

  // Changes what the next daemon has to know.
  void SetNotes(std::string notes);

  // Says that the journal has a number of files, and everything before them,
  // and whether it has the end. The keeper forgets that, and ends.
  void Acknowledge(uint64_t files, bool has_end);

  // Whether the keeper knows that a journal has the capture. It ends one that
  // no daemon could know of.
  bool is_in_journal() const { return in_journal_; }

  // Leaves dumpcap to the next daemon; no handler is called any more.
  void Leave();

 private:
  KeptDumpcap(asio::io_context* context, std::string dumpcap,
              const Position& position, Handlers handlers)
      : dumpcap_(std::move(dumpcap)),
        position_(position),
        handlers_(std::move(handlers)),
        connection_(*context),
        exit_(*context) {}

  void AwaitRecord();
  void OnReadable();
  void Take(KeeperRecord record, UniqueFd descriptor);
  void OnHello(const KeeperRecord& record, UniqueFd process);
  void OnMessage(const KeeperRecord& record);
  // Passes on that there are packets, unless the daemon knows.
  void OnCount(uint64_t packets);
  void OnEnd(const KeeperRecord& record);
  void OnDisconnected();
  void AwaitExit();
  void Finish(const CaptureProcess::End& end);
  void Send(const KeeperRecord& record);

  // The path of dumpcap, for errors.
  const std::string dumpcap_;
  Position position_;
  Handlers handlers_;
  asio::posix::stream_descriptor connection_;
  // dumpcap's process (pidfd); invalid before it was started, or if it has
  // ended.
  UniqueFd process_;
  // Readable once dumpcap has ended; used when the keeper is gone.
  asio::posix::stream_descriptor exit_;
  // A signal for dumpcap that couldn't be sent yet; 0 if there is none.
  int early_signal_ = 0;
  bool ended_ = false;
  bool in_journal_ = false;
  std::optional<uint64_t> acknowledged_files_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEPT_DUMPCAP_H_
