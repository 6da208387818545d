// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_LIBRARY_TAP_H_
#define CORE_ANALYSIS_LIBRARY_TAP_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A listener whose function is libwireshark's own, such as that of a
// conversation table. For functions of ours, TapListener is safer.
class LibraryTap {
 public:
  struct Options {
    std::string tap;
    // A display filter; empty for all frames.
    std::string filter;
    // libwireshark's TL_ flags.
    unsigned flags = TL_REQUIRES_NOTHING;
    tap_packet_cb on_packet = nullptr;
    tap_reset_cb on_reset = nullptr;
  };

  // `data` is what the function gets; not owned, outlives this. Errors: those
  // of TapListener::Register.
  static absl::StatusOr<std::unique_ptr<LibraryTap>> Register(
      const Options& options, void* data);

  ~LibraryTap() { remove_tap_listener(this); }
  LibraryTap(const LibraryTap&) = delete;
  LibraryTap& operator=(const LibraryTap&) = delete;

 private:
  LibraryTap(const Options& options, void* data)
      : data_(data),
        on_packet_(options.on_packet),
        on_reset_(options.on_reset) {}

  static tap_packet_status OnPacket(void* self, packet_info* packet,
                                    epan_dissect_t* edt, const void* data,
                                    tap_flags_t flags);
  static void OnReset(void* self);

  void* const data_;
  const tap_packet_cb on_packet_;
  const tap_reset_cb on_reset_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_LIBRARY_TAP_H_
