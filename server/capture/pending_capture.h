// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_PENDING_CAPTURE_H_
#define SERVER_CAPTURE_PENDING_CAPTURE_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/capture.h"
#include "server/capture/capture_notes.h"
#include "server/capture/capture_options.h"
#include "server/capture/journal_writer.h"
#include "server/dumpcap/dumpcap.h"
#include "server/extcap/extcap.h"

namespace dissectd::server {

// How captures are kept when the daemon ends.
struct CaptureKeeping {
  // The path of capture-keeper.
  std::string program;
  // How long captures wait for another daemon; 0: they end with this one.
  std::chrono::seconds patience{0};
};

// A capture from the request to its first file. Used on the loop's thread only.
class PendingCapture : public std::enable_shared_from_this<PendingCapture> {
 public:
  struct Deps {
    // Not owned; outlives this.
    IoLoop* loop;
    JournalWriter::Disk disk;
    Dumpcap* dumpcap;
    Extcap* extcap;
    // The store: its folder, open, and as an absolute path.
    int root;
    std::string store;
    // Tells, on `disk`, whether there is room for another capture.
    std::function<absl::Status()> check_room;
    CaptureKeeping keeping;
    // The operator's, for the capture's file.
    std::vector<std::string> comments;
  };
  using Done = absl::AnyInvocable<void(absl::StatusOr<v1::Capture> capture)>;

  // `notes` are for the next daemon, if the capture can go on without this one.
  PendingCapture(std::string id, std::shared_ptr<Capture> capture, Deps deps,
                 CaptureNotes notes)
      : id_(std::move(id)),
        capture_(std::move(capture)),
        deps_(std::move(deps)),
        notes_(std::move(notes)) {}

  const std::string& id() const { return id_; }
  const std::shared_ptr<Capture>& capture() const { return capture_; }

  // Makes the folder, sets Wi-Fi channels, and starts extcap programs and
  // dumpcap. Calls `started` once: when the first file is open, or with the
  // reason why it can't be.
  void Start(absl::AnyInvocable<void(const absl::Status&)> started);

  // Makes Start fail with SERVER_STOPPING, unless the first file is open.
  void Cancel();

  // Adds a call that waits for the capture. Calls with the same request_id wait
  // for the same one.
  void AddCall(Done done) { calls_.push_back(std::move(done)); }

  // Answers all calls.
  void Answer(const absl::StatusOr<v1::Capture>& answer);

 private:
  // Sets the channels of the interfaces from this index on, then prepares the
  // extcap programs.
  void SetChannels(int index);
  // Prepares the extcap programs of the interfaces from this index on, then
  // starts dumpcap.
  void PrepareExtcap(int index);
  // Makes what a capture-keeper needs, if it can have this capture, then starts
  // dumpcap.
  void PrepareKeeper();
  void StartDumpcap();
  // Whether dumpcap reads nothing but pipes.
  bool ReadsOnlyPipes() const;
  void Finish(const absl::Status& status);

  const std::string id_;
  const std::shared_ptr<Capture> capture_;
  const Deps deps_;
  const CaptureNotes notes_;
  std::vector<Done> calls_;
  // The extcap programs, and the interfaces that they belong to.
  std::vector<ExtcapSource> sources_;
  std::vector<ExtcapInput> inputs_;
  absl::AnyInvocable<void(const absl::Status&)> started_;
  bool cancelled_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_PENDING_CAPTURE_H_
