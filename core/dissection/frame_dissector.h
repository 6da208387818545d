// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_FRAME_DISSECTOR_H_
#define CORE_DISSECTION_FRAME_DISSECTOR_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "absl/status/status.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The kinds of passes over the frames of a capture. As in tshark, they call
// libwireshark in different ways.
enum class Pass {
  // The only pass.
  kOnly,
  // The first of two passes, whose frames are not shown. It runs without taps,
  // so dissectors learn nothing from the taps of others (as SMB2 does from
  // NTLMSSP's).
  kFirst,
  // The second of two passes. Postdissectors got the fields that they need in
  // the first.
  kSecond,
};

// Reads the records of a capture and dissects them with libwireshark, and
// answers its questions about earlier frames.
class FrameDissector {
 public:
  // Opens the epan unless it is open, after ApplySettings. `options` and `epan`
  // are not owned and outlive this.
  FrameDissector(const DissectionOptions& options, CaptureFile file,
                 Epan* epan);
  // Leaves the epan open, but detached from the capture.
  ~FrameDissector() { provider() = packet_provider_data(); }
  FrameDissector(const FrameDissector&) = delete;
  FrameDissector& operator=(const FrameDissector&) = delete;

  // The file that is being read.
  CaptureFile& file() { return files_[file_]; }
  const CaptureFile& file() const { return files_[file_]; }
  packet_provider_data& provider() { return *epan_->provider(); }

  // Continues with another file of the same capture.
  void ContinueWith(CaptureFile file);
  // Continues with another file, and keeps the files before it open. Files are
  // numbered from 0.
  void Append(CaptureFile file);
  // All files so far.
  const std::deque<CaptureFile>& files() const { return files_; }
  // Reads from one of these files again.
  void UseFile(size_t number);
  // These do what those of CaptureFile do, for all files.
  void PrepareFork();
  absl::Status ReopenAfterFork();

  // Discards libwireshark's state of all frames so far, except the reference
  // frames of times. There must be no epan_dissect_t.
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

  // Treats the record that was read last as a frame that can't be dissected.
  // Later frames refer to its time, as if it had been dissected.
  void Skip(frame_data* frame);

  // Begins again with the first frame: relative times refer to the frames that
  // they referred to before.
  void Rewind();

  // Ends the work on the frame that was dissected, which becomes the captured
  // frame before the next one.
  void Finish(epan_dissect_t* edt, const frame_data& frame);

  // The greatest time of a frame so far, relative to its reference, also of
  // frames that a filter leaves out.
  const nstime_t& elapsed() const { return elapsed_; }

  // Returns how much was read. The caller adds how much was sent.
  ProgressReport Totals(uint32_t frames_read) const;

 private:
  void PrepareEpan();
  // Sets the properties of the frame that depend on earlier frames.
  void SetTimes(frame_data* frame);
  // Connects libwireshark with the file, and adds the names and secrets in it.
  void ConnectFile();

  const DissectionOptions& options_;
  // References to them stay valid.
  std::deque<CaptureFile> files_;
  // The number of the one that is being read.
  size_t file_ = 0;
  Epan* const epan_;
  Record record_;
  // The number of the record that was read last; after ReadAgain, that of the
  // frame.
  uint32_t record_number_ = 0;
  nstime_t elapsed_ = NSTIME_INIT_ZERO;
  // Copies of frames that the provider points to.
  frame_data reference_frame_ = {};
  // The first of these; number 0 if there is none.
  frame_data first_reference_ = {};
  frame_data previous_captured_ = {};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_FRAME_DISSECTOR_H_
