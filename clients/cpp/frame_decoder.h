// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_FRAME_DECODER_H_
#define CLIENTS_CPP_FRAME_DECODER_H_

#include "clients/cpp/field_table.h"
#include "clients/cpp/frame_view.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// Decodes the batches of one stream in the compact form, in their order:
//
//   for (const FrameView& frame : decoder.Decode(response.batch())) ...
//
// Thread-compatible.
class FrameDecoder {
 public:
  // Reads the frames of a batch one after the other.
  class Iterator {
   public:
    Iterator(const v1::FrameBatch* batch, int index, FrameView* frame)
        : batch_(batch), index_(index), frame_(frame) {
      Decode();
    }

    FrameView& operator*() const { return *frame_; }
    Iterator& operator++() {
      ++index_;
      Decode();
      return *this;
    }
    bool operator!=(const Iterator& other) const {
      return index_ != other.index_;
    }

   private:
    void Decode() {
      if (index_ < batch_->frames_size()) frame_->Reset(batch_->frames(index_));
    }

    const v1::FrameBatch* batch_;
    int index_;
    FrameView* frame_;
  };

  // The frames of a batch. Each is valid until the next one is read.
  class Frames {
   public:
    Frames(const v1::FrameBatch* batch, FrameView* frame)
        : batch_(batch), frame_(frame) {}

    Iterator begin() const { return {batch_, 0, frame_}; }
    Iterator end() const { return {batch_, batch_->frames_size(), frame_}; }

   private:
    const v1::FrameBatch* batch_;
    FrameView* frame_;
  };

  FrameDecoder() = default;
  FrameDecoder(const FrameDecoder&) = delete;
  FrameDecoder& operator=(const FrameDecoder&) = delete;

  // Returns the frames of the next batch, which must stay unchanged while they
  // are read. `batch` and this outlive the result.
  Frames Decode(const v1::FrameBatch& batch) {
    fields_.Add(batch);
    batch_.Reset(batch);
    return {&batch, &frame_};
  }

 private:
  FieldTable fields_;
  BatchView batch_{&fields_};
  FrameView frame_{&batch_};
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_FRAME_DECODER_H_
