// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_HANDLES_H_
#define CORE_EPAN_HANDLES_H_

#include <memory>
#include <type_traits>

#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

// Owners of handles of libwireshark, libwiretap and GLib, each with the
// function that frees it.
namespace dissectd::engine {

struct GFreeDeleter {
  void operator()(void* pointer) const { g_free(pointer); }
};
using GCharPtr = std::unique_ptr<char, GFreeDeleter>;

// Owns the list, but not its elements.
using InterfaceDescriptionsPtr =
    std::unique_ptr<wtapng_iface_descriptions_t, GFreeDeleter>;

struct GStringDeleter {
  void operator()(GString* text) const { g_string_free(text, TRUE); }
};
using GStringPtr = std::unique_ptr<GString, GStringDeleter>;

struct WmemFreeDeleter {
  void operator()(void* pointer) const { wmem_free(nullptr, pointer); }
};
// Text that was allocated with a null wmem scope.
using WmemCharPtr = std::unique_ptr<char, WmemFreeDeleter>;

struct DisplayFilterDeleter {
  void operator()(dfilter_t* filter) const { dfilter_free(filter); }
};
using DisplayFilterPtr = std::unique_ptr<dfilter_t, DisplayFilterDeleter>;

struct WtapDeleter {
  void operator()(wtap* file) const { wtap_close(file); }
};
using WtapPtr = std::unique_ptr<wtap, WtapDeleter>;

struct WtapBlockDeleter {
  void operator()(wtap_block_t block) const { wtap_block_unref(block); }
};
// A reference to a block of options; its holders share it.
using WtapBlockPtr =
    std::unique_ptr<std::remove_pointer_t<wtap_block_t>, WtapBlockDeleter>;

struct EpanDeleter {
  void operator()(epan_t* epan) const { epan_free(epan); }
};
// At most one may exist in a process at a time.
using EpanPtr = std::unique_ptr<epan_t, EpanDeleter>;

struct EpanDissectDeleter {
  void operator()(epan_dissect_t* edt) const { epan_dissect_free(edt); }
};
using EpanDissectPtr = std::unique_ptr<epan_dissect_t, EpanDissectDeleter>;

struct FrameSequenceDeleter {
  void operator()(frame_data_sequence* frames) const {
    free_frame_data_sequence(frames);
  }
};
using FrameSequencePtr =
    std::unique_ptr<frame_data_sequence, FrameSequenceDeleter>;

// The frame_data of a frame that is not kept after it has been dissected.
class TransientFrame {
 public:
  TransientFrame() = default;
  ~TransientFrame() { Clear(); }
  TransientFrame(const TransientFrame&) = delete;
  TransientFrame& operator=(const TransientFrame&) = delete;

  // Frees the data that dissectors have attached to the frame. Call it before
  // frame_data_init reuses the frame.
  void Clear() {
    frame_data_destroy(&frame_);
    ForgetAttachments(&frame_);
  }

  frame_data* get() { return &frame_; }
  const frame_data& operator*() const { return frame_; }
  frame_data* operator->() { return &frame_; }

 private:
  frame_data frame_ = {};
};

// A record of wiretap with its bytes.
class Record {
 public:
  Record() {
    wtap_rec_init(&rec_);
    ws_buffer_init(&bytes_, kInitialBytes);
  }
  ~Record() {
    wtap_rec_cleanup(&rec_);
    ws_buffer_free(&bytes_);
  }
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;

  // Frees the options of the last record unless dissecting has freed them.
  // wiretap forgets them when it reads the next record.
  void Clear() { wtap_rec_reset(&rec_); }

  wtap_rec* rec() { return &rec_; }
  Buffer* bytes() { return &bytes_; }

 private:
  // The size of a usual Ethernet frame. The buffer grows when needed.
  static constexpr size_t kInitialBytes = 1514;

  wtap_rec rec_;
  Buffer bytes_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_HANDLES_H_
