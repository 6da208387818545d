// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_LIVE_DISSECTION_H_
#define CORE_DISSECTION_LIVE_DISSECTION_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/frame_dissector.h"
#include "core/dissection/live_source.h"
#include "core/dissection/live_stream.h"
#include "core/dissection/progress_timer.h"
#include "core/dissection/view_set.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Dissects each frame of a live capture once, and shows it to any number of
// streams. Each stream sends the same as if it were alone. One in the life of a
// process, after ApplySettings.
class LiveDissection {
 public:
  // Manages the streams. If a method returns an error, the dissection ends.
  class Owner {
   public:
    virtual ~Owner() = default;

    // Handles a message that isn't about the capture. Streams may be added and
    // removed.
    virtual absl::Status OnMessage(const WorkerChannel::Message& message) = 0;

    // The stream has sent its end, and is about to be removed.
    virtual absl::Status OnStreamEnd(const LiveStream& stream) = 0;

    // The stream slows the others down. It has sent all its frames, and is
    // about to be removed.
    virtual absl::Status OnSlowStream(const LiveStream& stream) = 0;
  };

  // The parts that a dissection uses. Nothing is owned; everything outlives the
  // dissection.
  struct Deps {
    Epan* epan;
    LiveSource* live;
    Owner* owner;
  };

  // Sets up the columns, and opens the epan unless it is open. `settings`,
  // which is not owned and outlives this, is shared by all streams: the
  // options, those of live captures and the columns. `file` is the source's
  // current one.
  LiveDissection(const DissectRequest& settings, CaptureFile file,
                 const Deps& deps);

  const CaptureFile& file() { return dissector_.file(); }
  // Null unless the settings have columns.
  const ColumnSet* columns() const { return columns_.get(); }

  // Adds a stream from the capture's first frame on, which reports lost frames.
  // Must be called before frames are read. Errors: those of the stream and the
  // owner.
  absl::Status AddFromBeginning(std::unique_ptr<LiveStream> stream);

  // Adds a stream from the next frame on. Errors: those of AddFromBeginning.
  absl::Status AddFromHere(std::unique_ptr<LiveStream> stream);

  // Returns null if there is no such stream.
  LiveStream* Find(ipc::StreamNumber number);
  void Remove(ipc::StreamNumber number);

  // The streams in the order in which they were added.
  const std::vector<std::unique_ptr<LiveStream>>& streams() const {
    return streams_;
  }

  // Returns the history of a stream without a filter that began with the first
  // frame.
  CaptureView::History HistoryOfAll();

  // Sends all streams until the capture ends. Errors: those of the source, of
  // files, of streams and of the owner.
  absl::Status Run();

 private:
  // Measures how much libwireshark's state has grown since it was empty.
  class StateAge {
   public:
    explicit StateAge(const LiveOptions& limits) : limits_(&limits) {}

    void Add(const frame_data& frame) {
      ++frames_;
      bytes_ += frame.cap_len;
    }
    bool IsOver() const;

   private:
    const LiveOptions* limits_;
    uint32_t frames_ = 0;
    uint64_t bytes_ = 0;
  };

  // Waits until a record can be read for a stream, or the capture is over.
  absl::Status AwaitRecord();
  absl::Status OpenNextFile();
  // Handles the current end of the file, or an error.
  void EndFile();

  // Continues with the number of the file's first record. Returns the number
  // that was expected: frames between the two were deleted.
  uint32_t SkipToFirstRecord();
  // Ends the streams that can't have another frame.
  absl::Status EndStreamsAtLimit();
  absl::Status EndStream(LiveStream* stream, EndReason reason);
  absl::Status EndAllStreams();

  // Reads the next record. Returns false at the end and on an error.
  bool ReadFrame();
  absl::Status DissectFrame();
  // Discards libwireshark's state if it has reached the limit of its age.
  void ResetIfOld();
  absl::Status MaybeSendProgress();
  absl::Status RemoveSlowStreams();

  const LiveOptions& limits_;
  LiveSource* const live_;
  Owner* const owner_;
  FrameDissector dissector_;
  // Null unless the settings have columns.
  const std::unique_ptr<ColumnSet> columns_;
  std::vector<std::unique_ptr<LiveStream>> streams_;
  // The views of the streams.
  ViewSet views_;
  // The current frame.
  TransientFrame frame_;

  uint32_t frames_read_ = 0;
  // The sum of the lengths of the frames that were read, in bytes.
  uint32_t bytes_read_ = 0;
  StateAge age_;
  // Whether nothing more of the capture can be read.
  bool over_ = false;
  ProgressTimer progress_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_LIVE_DISSECTION_H_
