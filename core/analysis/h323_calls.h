// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_H323_CALLS_H_
#define CORE_ANALYSIS_H323_CALLS_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// An address as a text, and a port.
using H245Endpoint = std::pair<std::string, uint32_t>;

// A message of H.225.0: of call signalling or of RAS.
struct H225Message {
  enum class Kind {
    kSetup,
    kConnect,
    kReleaseComplete,
    kOtherSignalling,
    kLocationRequest,
    // The answer to a location request.
    kLocationAnswer,
    kOtherRas,
  };

  CallPacket packet;
  Kind kind = Kind::kOtherSignalling;
  // The identifier of the call; empty for none.
  std::string call_id;
  // The number of a message of RAS; 0 for an answer to an unknown request.
  uint32_t request = 0;
  // Whether a message of RAS is sent again.
  bool is_repeated = false;
  // What a location request asks for.
  std::string digits;
  // Where the sender waits for messages of H.245.
  std::optional<H245Endpoint> h245;
  bool tunnels_h245 = false;
  bool has_fast_start = false;
};

// A message of H.245.
struct H245Message {
  H245Endpoint source;
  H245Endpoint destination;
};

// Finds the calls of H.323, with the states that Wireshark's list of calls has.
class H323Calls {
 public:
  // `calls` is not owned and outlives this.
  explicit H323Calls(VoipCallList* calls) : calls_(calls) {}

  void Add(const H225Message& message);
  // Counts a message for the call whose side waits for it. As in Wireshark, it
  // counts twice, but doesn't make the call longer.
  void Add(const H245Message& message);

  // Takes the numbers of a message of Q.931, which the messages of call
  // signalling are part of. Must be called after Add has got the message of
  // H.225.0. Returns false if there was none, or it belongs to no call.
  bool TakeNumbers(uint32_t frame_number, const std::string& calling,
                   const std::string& called);

 private:
  struct Known {
    VoipCall* call;
    // The address that sent the first setup; empty before.
    std::string caller;
    bool tunnels_h245 = false;
    bool setup_has_fast_start = false;
    bool answer_has_fast_start = false;
  };

  Known* Find(const H225Message& message) const;
  Known* FindOrBegin(const H225Message& message);
  void TakeSignalling(const H225Message& message, Known* known);
  void TakeLocationRequest(const H225Message& message, Known* known);
  static std::string Comment(const Known& known);

  VoipCallList* const calls_;
  std::deque<Known> known_;
  absl::flat_hash_map<std::string, Known*> by_id_;
  // The calls by the numbers of their location requests.
  absl::flat_hash_map<uint32_t, Known*> by_request_;
  absl::flat_hash_map<H245Endpoint, Known*> by_h245_;
  // The last message of call signalling, until its numbers are known.
  Known* signalled_ = nullptr;
  bool signalled_setup_ = false;
  // The frame of the last message of H.225.0.
  uint32_t last_frame_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_H323_CALLS_H_
