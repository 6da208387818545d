// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_FRAME_DISSECTOR_H_
#define CORE_DISSECTION_FRAME_DISSECTOR_H_

#include <cstdint>

#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// A pass over the frames of a capture. libwireshark is called as tshark calls
// it: not the same way in each.
enum class Pass {
  // The one and only pass.
  kOnly,
  // The first of two, of which nothing is shown. It runs without taps: what a
  // dissector learns from the taps of another (SMB2, for example, from that of
  // NTLMSSP), it does not learn here.
  kFirst,
  // The second of two. Postdissectors had the fields that they want in the
  // first.
  kSecond,
};

// Reads the records of a capture and has libwireshark dissect them, with what
// libwireshark asks about the frames before.
class FrameDissector {
 public:
  // Opens the epan unless it is open, after ApplySettings. `options` and `epan`
  // are not owned and outlive this.
  FrameDissector(const DissectionOptions& options, CaptureFile file,
                 Epan* epan);
  // Leaves the epan open, but without a capture to ask.
  ~FrameDissector() { provider() = packet_provider_data(); }
  FrameDissector(const FrameDissector&) = delete;
  FrameDissector& operator=(const FrameDissector&) = delete;

  CaptureFile& file() { return file_; }
  const CaptureFile& file() const { return file_; }
  packet_provider_data& provider() { return *epan_->provider(); }

  // Goes on with another file of the same capture.
  void ContinueWith(CaptureFile file);

  // Has libwireshark forget all that it learnt from the frames so far, except
  // for the frames that times are counted from. To be called when there is no
  // epan_dissect_t.
  void Reset();

  // Creates what a pass dissects frames into. There is a tree if `tree` asks
  // for one, or if postdissectors need one in this pass.
  EpanDissectPtr NewEdt(Pass pass, bool tree, bool visible) const;

  // Reads the next record into `frame`. Returns false at the end and on an
  // error, which the file then has.
  bool Read(uint32_t number, frame_data* frame);
  // Reads the record of `frame` again. Returns false on an error.
  bool ReadAgain(const frame_data& frame);

  // The record that was read last.
  Record& record() { return record_; }

  // Dissects the record that was read last as `frame`. `columns` may be null.
  void Dissect(Pass pass, epan_dissect_t* edt, frame_data* frame,
               ColumnSet* columns);

  // Ends the work on the frame that was dissected, which becomes the captured
  // frame before the next one.
  void Finish(epan_dissect_t* edt, const frame_data& frame);

  // Returns how much was read; the caller knows how much was sent.
  ProgressReport Totals(uint32_t frames_read) const;

 private:
  void PrepareEpan();
  // Has libwireshark ask the file, and take the names and secrets in it.
  void ConnectFile();

  const DissectionOptions& options_;
  CaptureFile file_;
  Epan* const epan_;
  Record record_;
  nstime_t elapsed_ = NSTIME_INIT_ZERO;
  // Copies of frames that the provider points to.
  frame_data reference_frame_ = {};
  frame_data previous_captured_ = {};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_FRAME_DISSECTOR_H_
