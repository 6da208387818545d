// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_LIVE_DISSECTION_H_
#define CORE_DISSECTION_LIVE_DISSECTION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/dissection/frame_dissector.h"
#include "core/dissection/live_source.h"
#include "core/dissection/live_stream.h"
#include "core/dissection/progress_timer.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Dissects each frame of a capture that is still being written once, and shows
// it to any number of streams. Each sends what it would send if it were alone.
// One in the life of a process, after ApplySettings.
class LiveDissection {
 public:
  // Who looks after the streams. An error that it returns ends the dissection.
  class Owner {
   public:
    virtual ~Owner() = default;

    // A frame came that says nothing of the capture. Streams may be added and
    // removed meanwhile.
    virtual absl::Status OnFrame(const WorkerChannel::Frame& frame) = 0;

    // The stream has sent its end, and is about to be removed.
    virtual absl::Status OnStreamEnd(const LiveStream& stream) = 0;

    // The stream slows the others down, has sent all that it has, and is about
    // to be removed.
    virtual absl::Status OnSlowStream(const LiveStream& stream) = 0;
  };

  // What a dissection works with. Nothing is owned; all outlives it.
  struct Deps {
    Epan* epan;
    LiveSource* live;
    Owner* owner;
  };

  // Sets up the columns, and opens the epan unless it is open. `settings` is
  // what all streams share: the options, those of live captures and the
  // columns. Not owned, outlives this. `file` is the source's current one.
  LiveDissection(const DissectRequest& settings, CaptureFile file,
                 const Deps& tools);

  const CaptureFile& file() { return dissector_.file(); }
  // Null unless the settings want columns.
  const ColumnSet* columns() const { return columns_ ? &*columns_ : nullptr; }

  // Adds a stream from the capture's first frame on: it says which are lost.
  // Frames must not have been read. Errors: those of the stream and the owner.
  absl::Status AddFromBeginning(std::unique_ptr<LiveStream> stream);

  // Adds a stream from the next frame on. Errors: the same.
  absl::Status AddFromHere(std::unique_ptr<LiveStream> stream);

  // Null if it is not there.
  LiveStream* Find(ipc::StreamNumber number);
  void Remove(ipc::StreamNumber number);

  // In the order in which they were added.
  const std::vector<std::unique_ptr<LiveStream>>& streams() const {
    return streams_;
  }

  // That of a stream without a filter since the first frame.
  LiveStream::History HistoryOfAll();

  // Sends all streams, to the end of the capture. Errors: those of the source,
  // of files, of streams and of the owner.
  absl::Status Run();

 private:
  // How much has gone into libwireshark's state since it was empty.
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
  // Goes on after the end of the file, unless that was an error.
  void EndFile();

  // Notes which frame comes next, and returns the number of the first that was
  // deleted before.
  uint32_t SkipToFirstRecord();
  // Ends those that can't have another frame.
  absl::Status EndStreamsAtLimit();
  absl::Status EndStream(LiveStream* stream, EndReason reason);
  absl::Status EndAllStreams();

  // Reads the next record as the first stream sees it. Returns false at the
  // end and on an error.
  bool ReadFrame();
  absl::Status DissectFrame();
  void Prime();
  // Sends the frame that was dissected, if it is in the stream's view.
  absl::Status Show(LiveStream* stream);
  // Has libwireshark say of the frame what depends on the stream's frames
  // before it.
  void SetHistory(const LiveStream& stream);
  // Null unless there are columns.
  ColumnSet* FillColumns();

  void NewEdtIfNone();
  // To be called before what it depends on changes.
  void DropEdt();
  void ResetIfOld();
  absl::Status MaybeSendProgress();
  absl::Status RemoveSlowStreams();

  const LiveOptions& limits_;
  LiveSource* const live_;
  Owner* const owner_;
  FrameDissector dissector_;
  std::optional<ColumnSet> columns_;
  std::vector<std::unique_ptr<LiveStream>> streams_;

  // What frames are dissected into, with what all streams need together; null
  // if that has changed since.
  EpanDissectPtr edt_;
  bool visible_ = false;
  // The frame in work.
  frame_data frame_ = {};
  // The displayed frame before it which the tree speaks of.
  uint32_t tree_previous_ = 0;
  // That and the cumulative bytes which the columns speak of, once they are
  // filled in.
  std::optional<std::pair<uint32_t, uint32_t>> filled_;

  uint32_t frames_read_ = 0;
  uint32_t bytes_of_all_ = 0;
  StateAge age_;
  bool over_ = false;
  ProgressTimer progress_;
  // What the frames took that were measured.
  std::chrono::nanoseconds spent_{0};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_LIVE_DISSECTION_H_
