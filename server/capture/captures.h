// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURES_H_
#define SERVER_CAPTURE_CAPTURES_H_

#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/capture/capture.h"
#include "server/capture/capture_options.h"
#include "server/capture/capture_record.h"
#include "server/dumpcap/dumpcap.h"

namespace dissectd::server {

// All captures of the daemon, those too that an earlier one left. Used on the
// loop's thread only, but for the constructor.
class Captures {
 public:
  struct Deps {
    // Not owned; all outlives this.
    IoLoop* loop;
    // For what may block on the file system.
    asio::thread_pool* pool;
    Dumpcap* dumpcap;
    // The store: its folder, open, and as an absolute path.
    int root;
    std::string store;
    CapturePolicy policy;
    // Captures that run at a time.
    uint32_t limit;
  };
  using Done = absl::AnyInvocable<void(absl::StatusOr<v1::Capture> capture)>;

  // Reads what earlier daemons left, and ends what still runs of it.
  explicit Captures(Deps deps);

  // What CaptureService's calls do; their errors are in capture.proto. `done`
  // is called once, on the loop's thread.
  void Create(const Principal& principal,
              const v1::CreateCaptureRequest& request, Done done);
  void Stop(const std::string& name, v1::StopMode mode, Done done);
  void Delete(const v1::DeleteCaptureRequest& request,
              absl::AnyInvocable<void(const absl::Status&)> done);
  absl::StatusOr<std::shared_ptr<Capture>> Find(const std::string& name) const;
  absl::Status List(const v1::ListCapturesRequest& request,
                    v1::ListCapturesResponse* response) const;

  // Starts no more captures, ends those that run, and calls `done` when they
  // have ended.
  void StopAll(absl::AnyInvocable<void()> done);

 private:
  struct Entry {
    std::shared_ptr<Capture> capture;
    // Who created it.
    Principal principal;
    uint64_t subscription = 0;
    std::unique_ptr<asio::steady_timer> record_timer;
    // The state that the record has, or will have.
    v1::CaptureState recorded = v1::CAPTURE_STATE_UNSPECIFIED;
    // As many files, those that a ring has deleted too.
    uint64_t recorded_files = 0;
    // Records that are being written.
    int writing = 0;
    // Whether the record is to be written when the timer expires.
    bool changed = false;
  };
  // A capture on its way to its first file.
  struct Beginning;

  void Restore(CaptureRecord record);
  // Whether the principal made a request of this id before, whose answer then
  // is, or will be, that of this one too.
  bool AnswerAsBefore(const Principal& principal, const std::string& request_id,
                      Done* done);
  uint32_t RunningCaptures() const;

  void SetChannels(const std::shared_ptr<Beginning>& beginning, int index);
  void StartDumpcap(const std::shared_ptr<Beginning>& beginning);
  void OnStarted(const std::shared_ptr<Beginning>& beginning,
                 const absl::Status& status);
  void Undo(const std::shared_ptr<Beginning>& beginning,
            const absl::Status& status);
  void GiveUp(const std::shared_ptr<Beginning>& beginning,
              const absl::Status& status);

  Entry* Add(const std::string& id, std::shared_ptr<Capture> capture);
  void OnChange(const std::string& id);
  void Record(const std::string& id);
  void OnRecorded(const std::string& id);
  void AwaitEnd(const std::shared_ptr<Capture>& capture, Done done);
  void AwaitAllEnded();

  const Deps deps_;
  asio::strand<asio::thread_pool::executor_type> disk_;
  // By id.
  std::map<std::string, Entry> entries_;
  std::vector<std::shared_ptr<Beginning>> beginnings_;
  bool stopping_ = false;
  absl::AnyInvocable<void()> all_ended_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURES_H_
