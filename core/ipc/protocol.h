// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_PROTOCOL_H_
#define CORE_IPC_PROTOCOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

// What dissectd (server/) and dissectd-engine (core/) say to each other. Both
// come from one build and run on one machine, so values travel in native form.
//
// 1. The control channel: a SOCK_SEQPACKET socket pair that dissectd hands to
//    dissectd-engine (`--control-fd=N`). Each packet is one ControlMessage.
// 2. One worker channel for each worker: a SOCK_STREAM socket pair made by
//    dissectd. Messages that begin with a MessageHeader go both ways: dissectd
//    sends requests, the worker answers each with messages and then one status.
// 3. One StatusPage for each worker: shared memory that outlives a worker that
//    crashes.
//
// A worker can fork as well (kStartFork). A fork has a channel and a status
// page of its own, so that it is to dissectd what a worker is, and can be
// killed without harm to the worker that it comes from.
namespace dissectd::ipc {

// Grows with each change of this protocol. The first message that either side
// receives says which version the other one speaks.
inline constexpr uint32_t kProtocolVersion = 2;

// The exit status of a dissectd-engine that can't initialise libwireshark with
// the options that it was given.
inline constexpr int kCannotInitialise = 3;

// What a ControlMessage is about.
enum class ControlKind : uint32_t {
  // dissectd-engine to dissectd: initialised; workers can be started.
  kReady = 1,
  // dissectd to dissectd-engine: fork a worker. Carries as SCM_RIGHTS, in this
  // order: the worker's end of the worker channel, the memfd of the
  // StatusPage, the capture (a regular file or memfd, opened for reading).
  kStartWorker = 2,
  // dissectd to dissectd-engine: SIGKILL the worker, if it still runs.
  kKillWorker = 3,
  // dissectd-engine to dissectd: the worker's process is gone and reaped. Sent
  // once for every kStartWorker, also if the fork failed (then pid is 0 and
  // wait_status is errno).
  kWorkerEnded = 4,
};

// What a worker is for. It is known, and WorkerLimits apply, before the worker
// reads a byte that comes from outside.
enum class WorkerKind : uint32_t {
  // Answers one kDissect about a capture that is complete.
  kDissection = 1,
  // Answers one kFollow: dissects a live capture for any number of streams.
  kLive = 2,
  // Answers one kCount: counts the frames of a live capture by protocol.
  kStatistics = 3,
  // Answers any number of kQuery, one after the other, by itself and in forks.
  kQuery = 4,
  // As kQuery, for queries about the engine itself. Nothing that comes from
  // outside reaches such a worker, so it may read folders and run programs.
  kEngineQuery = 5,
};

// What a worker may use at most, each as setrlimit defines it. 0: as much as
// dissectd-engine itself.
struct WorkerLimits {
  uint64_t address_space_bytes;
  uint64_t processor_seconds;
  uint64_t open_files;
  uint64_t written_file_bytes;
};

inline constexpr size_t kEngineIdBytes = 40;

struct ControlMessage {
  // kProtocolVersion. Stays the first member in all versions.
  uint32_t version;
  ControlKind kind;
  // Chosen by dissectd, never used twice.
  uint64_t worker_id;
  // The worker's process; only in kWorkerEnded.
  int32_t pid;
  // As waitpid gives it; only in kWorkerEnded.
  int32_t wait_status;
  // Only in kStartWorker.
  WorkerKind worker_kind;
  uint32_t reserved;
  WorkerLimits limits;
  // Which engine serves, for example "wireshark-4.0.17", null-terminated. In
  // kReady the engine says so; in kStartWorker dissectd says which engine it
  // means.
  char engine[kEngineIdBytes];
};
static_assert(sizeof(ControlMessage) == 104);

inline constexpr int kStartWorkerFds = 3;

// What a message on the worker channel is.
enum class MessageType : uint8_t {
  // dissectd to worker, first: the capture's file name without folders, as
  // wiretap recognises some formats by their extension. May be empty.
  kCaptureName = 1,
  // dissectd to worker, second: a serialised dissectd.v1.DissectRequest
  // without its source.
  kDissect = 2,
  // Worker to dissectd: a serialised response to forward.
  kMessage = 3,
  // Worker to dissectd, last in the answer to a request: a serialised
  // dissectd.v1.StatusDetails. A channel that closes in the middle of an answer
  // belongs to a worker that died.
  kStatus = 4,
  // Worker to dissectd, for a live capture: a ReadRequest. All that the worker
  // knows of is dissected and sent. It is answered, now or later, by one
  // kLiveState or kLiveFile; other messages may come before.
  kReadRequest = 5,
  // dissectd to worker: a LiveState.
  kLiveState = 6,
  // dissectd to worker: a LiveFile, then its name as in kCaptureName. Carries
  // the file as SCM_RIGHTS, except for the first one, which follows the request
  // and is the capture that the worker was started with.
  kLiveFile = 7,
  // dissectd to worker, instead of kDissect, for a live capture: count its
  // frames by protocol. Each kMessage is then a CountedSlot, and a serialised
  // dissectd.v1.CaptureCounts.
  kCount = 8,
  // dissectd to worker, instead of kDissect: follow a live capture for any
  // number of streams. A serialised dissectd.v1.DissectRequest with the
  // settings that all streams share: the options, LiveOptions and the columns.
  // A kLiveFile and the first kAddStream come next.
  kFollow = 9,
  // dissectd to worker: another stream. An AddStream, then a serialised
  // dissectd.v1.DissectRequest with the view and the batch options. Like the
  // other messages about streams, it is read when a ReadRequest was sent; the
  // first one is read before.
  kAddStream = 10,
  // dissectd to worker: a StreamNumber. Another client reads the stream from
  // here on, and knows no field yet.
  kAddReader = 11,
  // dissectd to worker: a StreamNumber. Nobody reads the stream any more.
  kRemoveStream = 12,
  // dissectd to worker: another worker takes over. Answered by
  // kStreamStates, unless the ReadRequest is answered first.
  kHandOver = 13,
  // Worker to dissectd: a StreamMessage, then a serialised
  // dissectd.v1.DissectResponse to forward.
  kStreamMessage = 14,
  // Worker to dissectd: a StreamNumber, then a serialised
  // dissectd.v1.StatusDetails: the stream is over, or was refused. A worker
  // whose last stream is over goes on to wait.
  kStreamEnded = 15,
  // Worker to dissectd: a StreamState for each stream.
  kStreamStates = 16,
  // dissectd to worker, instead of kDissect: a question, as core/ipc/query.h
  // has it. Each kMessage is a serialised response, and kStatus ends the
  // answer; another kQuery may follow. A file that the answer is written to
  // comes as SCM_RIGHTS.
  kQuery = 17,
  // Worker to dissectd: a StreamNumber. The stream takes so much of the
  // worker's time that others would suffer: it was removed, and its readers
  // have to go on elsewhere after the last frame that they were sent.
  kStreamExpelled = 18,
  // dissectd to a worker that serves queries: fork for the request in the
  // header. A WorkerLimits. Carries as SCM_RIGHTS the fork's end of its channel
  // and the memfd of its StatusPage. On that channel the fork serves queries as
  // the worker does, without a kCaptureName.
  kStartFork = 19,
  // dissectd to worker: cancel the request in the header. SIGKILL for its fork,
  // if that still runs; the worker and its other forks go on.
  kCancel = 20,
  // Worker to dissectd: the fork of the request in the header is gone and
  // reaped. A ForkEnded. Sent once for every kStartFork.
  kForkEnded = 21,
};

// Says which request of a worker a message is about. Chosen by dissectd, never
// used twice on a channel; 0 in what is about the worker itself.
using RequestId = uint32_t;

struct ForkEnded {
  // 0 if the fork failed; wait_status is errno then.
  int32_t pid;
  // As waitpid gives it.
  int32_t wait_status;
};

// A stream of a worker that follows a live capture: what one view shows, to
// any number of clients. Chosen by dissectd, never 0, never used twice.
using StreamNumber = uint32_t;

// What a stream has behind it.
struct StreamState {
  StreamNumber stream;
  // The last frame that passed its filter; 0 if none did. Frames before the
  // range of the view count as well.
  uint32_t displayed_frame;
  // When that was captured.
  int64_t displayed_seconds;
  int32_t displayed_nanoseconds;
  // Bytes on the wire of all frames that passed its filter.
  uint32_t displayed_bytes;
};
static_assert(sizeof(StreamState) == 24);

// Where a stream's state comes from.
enum class StreamOrigin : uint32_t {
  // The worker has read no frame yet, so that there is nothing before.
  kBeginning = 1,
  // AddStream.state, of another worker that came as far as this one.
  kState = 2,
  // This worker itself: the view has no filter, or that of another stream.
  kWorker = 3,
};

struct AddStream {
  StreamState state;
  StreamOrigin origin;
  uint32_t reserved;
};
static_assert(sizeof(AddStream) == 32);

// What a message is, for those who read a stream together.
struct StreamMessage {
  // 0: the header, which comes once, first, and is every stream's.
  StreamNumber stream;
  // All frames up to this one that are in the view are in this message or came
  // before.
  uint32_t last_frame;
  // How many frames the stream has sent, with this message.
  uint32_t frames_sent;
  // Whether the message says so itself: it is a Progress or a StreamEnd.
  uint32_t has_totals;
};
static_assert(sizeof(StreamMessage) == 16);

// How far a worker has come with the current file of a live capture.
struct ReadRequest {
  // Records read from it.
  uint64_t records;
  // Whether it is read to its end, and was complete.
  uint32_t at_end;
  uint32_t reserved;
};

// What can be read of the current file of a live capture.
struct LiveState {
  // Records that are written. More may be there, but not to their end.
  uint64_t records;
  // Whether nothing is added to the file any more: it is to be read to its end,
  // whatever `records` says.
  uint32_t complete;
  // Whether there is nothing more, in this file or another. Only in answer to a
  // ReadRequest with at_end.
  uint32_t over;
};

// Frames that were counted by their times.
struct CountedSlot {
  // The time at which the slot begins, since 1970.
  int64_t begin_nanoseconds;
};

// A file of a live capture that is now the current one.
struct LiveFile {
  // The number of its first record in the capture, from 1.
  uint64_t first_record;
};

struct MessageHeader {
  // How many bytes of payload follow.
  uint32_t length;
  RequestId request_id;
  MessageType type;
  uint8_t reserved[3];
};
static_assert(sizeof(MessageHeader) == 12);

// A longer message means that the channel is corrupt. A single network frame of
// wiretap's largest size (256 MiB for some encapsulations), with its tree,
// fits.
inline constexpr uint32_t kMaxMessagePayload = 1u << 30;

// What a worker leaves behind if it crashes. Written by the worker only.
struct StatusPage {
  // The frame that is being dissected; 0 while none is.
  std::atomic<uint32_t> frame_number;
  // The protocol that was being dissected at a crash, null-terminated; filled
  // in by the worker's signal handler, empty if it had no chance.
  char protocol[60];
};
static_assert(std::atomic<uint32_t>::is_always_lock_free);

inline constexpr size_t kStatusPageBytes = 4096;

}  // namespace dissectd::ipc

#endif  // CORE_IPC_PROTOCOL_H_
