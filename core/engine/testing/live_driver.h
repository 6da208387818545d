// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_TESTING_LIVE_DRIVER_H_
#define CORE_ENGINE_TESTING_LIVE_DRIVER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/testing/engine_driver.h"
#include "core/ipc/protocol.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// The messages of one stream.
struct StreamRecord {
  // The serialised DissectResponses, without Progress.
  std::vector<std::string> messages;
  // The descriptions of the messages.
  std::vector<ipc::StreamMessage> kinds;
  // How the stream ended, if it did.
  std::optional<v1::StatusDetails> end;

  // Returns the numbers of all frames.
  std::vector<uint32_t> FrameNumbers() const;
  v1::DissectResponse LastMessage() const;
};

// A worker that follows a capture. The test controls what can be read. All
// methods except the constructor return when the worker waits, or is over.
class LiveDriver {
 public:
  // Streams are numbered from 1; the first has this view. `capture` has the
  // records from `first_record` on.
  LiveDriver(EngineDriver* engine, const std::string& capture,
             const v1::DissectRequest& first, uint64_t first_record = 1);

  // Lets the worker read up to this number of records in total.
  void Announce(uint64_t records);
  // Lets the worker read to the end of the file.
  void Complete();
  // Continues with another file after that.
  void NextFile(const std::string& capture, uint64_t first_record);
  // Completes the file and ends the capture.
  void End();

  // Adds a stream and returns its number.
  ipc::StreamNumber Add(const v1::DissectRequest& request,
                        ipc::StreamOrigin origin,
                        const ipc::StreamState& state = {});
  void AddReader(ipc::StreamNumber stream);
  void Remove(ipc::StreamNumber stream);
  std::vector<ipc::StreamState> HandOver();

  // Returns the messages of a stream; 0 has the header.
  const StreamRecord& stream(ipc::StreamNumber number) {
    return streams_[number];
  }
  // Returns the payload of the last kReadRequest.
  const ipc::ReadRequest& want() const { return want_; }
  // Returns the worker's status, once it is over.
  const std::optional<v1::StatusDetails>& status() const { return status_; }

 private:
  void SendAdd(const v1::DissectRequest& request, ipc::StreamOrigin origin,
               ipc::StreamState state);
  void SendNumber(ipc::MessageType type, ipc::StreamNumber stream);
  void SendState(ipc::LiveState state);
  void ReadUntilWait();
  // Returns whether the worker waits, or is over.
  bool Take(const DrivenWorker::RawMessage& frame);
  void TakeMessage(const std::string& payload);

  std::unique_ptr<DrivenWorker> worker_;
  ipc::StreamNumber last_stream_ = 0;
  std::map<ipc::StreamNumber, StreamRecord> streams_;
  ipc::ReadRequest want_ = {};
  std::vector<ipc::StreamState> states_;
  std::optional<v1::StatusDetails> status_;
};

}  // namespace dissectd

#endif  // CORE_ENGINE_TESTING_LIVE_DRIVER_H_
