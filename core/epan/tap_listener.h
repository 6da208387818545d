// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_TAP_LISTENER_H_
#define CORE_EPAN_TAP_LISTENER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A listener of one of libwireshark's taps, through which dissectors report
// what they have found in a frame. Until it is destroyed, it hears of each
// frame that is dissected with taps, whether or not the frame is in a view,
// unless taps are muted.
class TapListener {
 public:
  struct Options {
    // The tap's name: `tcp`, for example. It has one call for each TCP layer of
    // a frame.
    std::string tap;
    // A display filter for frames; empty for all. Frames then need a tree.
    std::string filter;
    // TL_REQUIRES_NOTHING or others of libwireshark's flags, which say what
    // frames need.
    unsigned flags = TL_REQUIRES_NOTHING;
  };

  // Called with a tap's data, after the frame has been dissected. The type of
  // `data` depends on the tap. The arguments are valid only during the call.
  //
  // libwireshark's exceptions would skip the destructors of C++: the function
  // must not let them pass.
  using PacketFn = absl::AnyInvocable<void(
      packet_info* packet, epan_dissect_t* edt, const void* data)>;

  // Registers a listener. Must not be called while a frame is being dissected.
  // Errors: NOT_FOUND if there is no such tap, and those of
  // CompileDisplayFilter.
  static absl::StatusOr<std::unique_ptr<TapListener>> Register(
      const Options& options, PacketFn on_packet);

  ~TapListener();
  TapListener(const TapListener&) = delete;
  TapListener& operator=(const TapListener&) = delete;

 private:
  explicit TapListener(PacketFn on_packet) : on_packet_(std::move(on_packet)) {}

  static tap_packet_status OnPacket(void* self, packet_info* packet,
                                    epan_dissect_t* edt, const void* data,
                                    tap_flags_t flags);

  PacketFn on_packet_;
};

// Says whether listeners miss the frames that are dissected from now on,
// because they are outside of the range that was asked for. Other taps of
// libwireshark, from which dissectors learn, work as before.
void MuteTaps(bool muted);
bool AreTapsMuted();

// The needs of all listeners that are registered in this process.
struct TapNeeds {
  bool tree = false;
  bool columns = false;
};
TapNeeds NeedsOfTaps();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_TAP_LISTENER_H_
