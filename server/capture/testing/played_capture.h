// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_TESTING_PLAYED_CAPTURE_H_
#define SERVER_CAPTURE_TESTING_PLAYED_CAPTURE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/base/io_loop.h"
#include "server/base/unique_fd.h"
#include "server/capture/capture.h"
#include "server/capture/capture_finder.h"

namespace dissectd::server {

// The only capture of a daemon, and its dumpcap, which a test plays: the
// capture reads what a test has it say. The test's thread calls what is not an
// override; each call waits until the capture has heard.
class PlayedCapture : public CaptureFinder {
 public:
  // Starts the capture, which has no file yet. `loop` is not owned and outlives
  // this; `store` is the path of the store.
  PlayedCapture(IoLoop* loop, std::string store);
  ~PlayedCapture() override;

  const std::string& name() const { return name_; }

  // Opens the next file, which is empty, as the tests' workers don't read it.
  void OpenFile(const std::string& file_name);
  void WritePackets(uint32_t count);
  // Ends dumpcap.
  void End();

  absl::StatusOr<std::shared_ptr<Capture>> Find(
      const std::string& name) const override;

 private:
  void OnChange();
  void AwaitEvents(uint64_t count);
  // Sends a message of dumpcap's, which becomes one event of the capture.
  void Say(char kind, absl::string_view text);

  IoLoop* const loop_;
  const std::string store_;
  const std::string name_;
  // The end of the sync pipe that dumpcap writes its messages to.
  UniqueFd sync_pipe_;
  // Used on the loop's thread only.
  std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  absl::Mutex mutex_;
  uint64_t events_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_TESTING_PLAYED_CAPTURE_H_
