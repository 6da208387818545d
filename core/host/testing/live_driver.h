// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_HOST_TESTING_LIVE_DRIVER_H_
#define CORE_HOST_TESTING_LIVE_DRIVER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/host/testing/host_driver.h"
#include "core/ipc/protocol.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// What came of one stream.
struct StreamRecord {
  // The DissectResponses, serialised, but for Progress.
  std::vector<std::string> messages;
  // What they are said to be, one for each.
  std::vector<ipc::StreamMessage> kinds;
  // How the stream ended, if it did.
  std::optional<v1::StatusDetails> end;

  // The numbers of all frames.
  std::vector<uint32_t> FrameNumbers() const;
  v1::DissectResponse LastMessage() const;
};

// A session that follows a capture for a test, which says what can be read. All
// methods but the constructor return when the session waits, or is over.
class LiveDriver {
 public:
  // Numbers of streams count from 1; the first has this view. The records of
  // `capture` are those from `first_record` on.
  LiveDriver(HostDriver* host, const std::string& capture,
             const v1::DissectRequest& first, uint64_t first_record = 1);

  // Lets the session read so many records in all.
  void Announce(uint64_t records);
  // Lets it read to the end of the file.
  void Complete();
  // Goes on with another file after that.
  void NextFile(const std::string& capture, uint64_t first_record);
  // Complete, after which there is nothing more.
  void End();

  // Returns the number of the stream.
  ipc::StreamNumber Add(const v1::DissectRequest& request,
                        ipc::StreamOrigin origin,
                        const ipc::StreamState& state = {});
  void AddReader(ipc::StreamNumber stream);
  void Remove(ipc::StreamNumber stream);
  std::vector<ipc::StreamState> HandOver();

  // 0 is the header's.
  const StreamRecord& stream(ipc::StreamNumber number) {
    return streams_[number];
  }
  // Of the last kLiveWant.
  const ipc::LiveWant& want() const { return want_; }
  // Of the session, once it is over.
  const std::optional<v1::StatusDetails>& status() const { return status_; }

 private:
  void SendAdd(const v1::DissectRequest& request, ipc::StreamOrigin origin,
               ipc::StreamState state);
  void SendNumber(ipc::FrameKind kind, ipc::StreamNumber stream);
  void SendState(ipc::LiveState state);
  void ReadUntilWait();
  // Returns whether the session waits, or is over.
  bool Take(const DrivenSession::RawFrame& frame);
  void TakeMessage(const std::string& payload);

  std::unique_ptr<DrivenSession> session_;
  ipc::StreamNumber last_stream_ = 0;
  std::map<ipc::StreamNumber, StreamRecord> streams_;
  ipc::LiveWant want_ = {};
  std::vector<ipc::StreamState> states_;
  std::optional<v1::StatusDetails> status_;
};

}  // namespace dissectd

#endif  // CORE_HOST_TESTING_LIVE_DRIVER_H_
