// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_PROTOCOL_H_
#define CORE_IPC_PROTOCOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

// The messages between dissectd (server/) and dissectd-engine (core/). Both
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
// A worker can fork as well (kStartFork). A fork has its own channel and status
// page, so dissectd treats it like a worker, and can kill it without harm to
// the worker that forked it.
namespace dissectd::ipc {

// Increased with each change of this protocol. The first message that either
// side receives has the version of the other side.
inline constexpr uint32_t kProtocolVersion = 8;

// The exit status of a dissectd-engine that can't initialise libwireshark with
// its options.
inline constexpr int kCannotInitialise = 3;

// The type of a ControlMessage.
enum class ControlKind : uint32_t {
  // dissectd-engine to dissectd: the engine is initialised, and workers can be
  // started.
  kReady = 1,
  // dissectd to dissectd-engine: fork a worker. Carries as SCM_RIGHTS, in this
  // order: the worker's end of the worker channel, the memfd of the
  // StatusPage, the capture (a regular file, a memfd or a pipe, opened for
  // reading).
  kStartWorker = 2,
  // dissectd to dissectd-engine: SIGKILL the worker, if it still runs.
  kKillWorker = 3,
  // dissectd-engine to dissectd: the worker's process has ended and is reaped.
  // Sent once for every kStartWorker, even if the fork failed (then pid is 0
  // and wait_status is errno).
  kWorkerEnded = 4,
  // dissectd to dissectd-engine: answer with kPong.
  kPing = 5,
  // dissectd-engine to dissectd: the engine runs.
  kPong = 6,
};

// The kind of a worker. A worker knows it, and applies its WorkerLimits, before
// it reads a byte that comes from outside.
enum class WorkerKind : uint32_t {
  // Answers one kDissect about a complete capture.
  kDissection = 1,
  // Answers one kFollow: dissects a live capture for any number of streams.
  kLive = 2,
  // Answers one kCount: counts the frames of a live capture by protocol.
  kStatistics = 3,
  // Answers any number of kQuery, one after the other, by itself and in forks.
  kQuery = 4,
  // Like kQuery, for queries about the engine itself. No data from outside
  // reaches such a worker, so it may read folders and run programs.
  kEngineQuery = 5,
  // Like kQuery, for a session: the first query is kOpenSession. Its forks fork
  // as well.
  kSession = 6,
  // Like kSession, for a capture that may still run; the first query can also
  // be kWatchStatistics. The further files of the capture come later.
  kLiveSession = 7,
};

// The limits of a worker, each as setrlimit defines it. 0 means the limit of
// dissectd-engine itself.
struct WorkerLimits {
  uint64_t address_space_bytes;
  uint64_t processor_seconds;
  uint64_t open_files;
  uint64_t written_file_bytes;
};

// What a process has used, together with the processes that it has forked and
// reaped.
struct ProcessUsage {
  uint64_t processor_microseconds;
  // The most memory that one of these processes had at a time.
  uint64_t peak_resident_bytes;
};

inline constexpr size_t kEngineIdBytes = 40;

struct ControlMessage {
  // kProtocolVersion. Always the first member, in all versions.
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
  // The id of an engine, for example "wireshark-4.0.17", null-terminated. In
  // kReady the engine gives its id; in kStartWorker dissectd names the engine
  // to use.
  char engine[kEngineIdBytes];
  // Only in kWorkerEnded.
  ProcessUsage usage;
};
static_assert(sizeof(ControlMessage) == 120);

inline constexpr int kStartWorkerFds = 3;

// The type of a message on the worker channel.
enum class MessageType : uint8_t {
  // dissectd to worker, first: the capture's file name without folders, as
  // wiretap recognises some formats by their extension. May be empty.
  kCaptureName = 1,
  // dissectd to worker, second: a DissectionStart, its KnownCrashes, and a
  // serialised dissectd.v1.DissectRequest without its source.
  kDissect = 2,
  // Worker to dissectd: a serialised response to forward.
  kMessage = 3,
  // Worker to dissectd, last in the answer to a request: a serialised
  // dissectd.v1.StatusDetails. If the channel closes in the middle of an
  // answer, the worker has died.
  kStatus = 4,
  // Worker to dissectd, for a live capture: a ReadRequest. The worker has
  // dissected and sent all records that were announced. dissectd answers with
  // one kLiveState or kLiveFile, now or later, and may send other messages
  // before.
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
  // dissectd.v1.DissectRequest with the view and the batch options. The worker
  // reads this and the other messages about streams after it has sent a
  // ReadRequest, except for the first kAddStream, which it reads before.
  kAddStream = 10,
  // dissectd to worker: a StreamNumber. From here on another client reads the
  // stream, which knows no field definitions yet.
  kAddReader = 11,
  // dissectd to worker: a StreamNumber. The stream has no readers any more.
  kRemoveStream = 12,
  // dissectd to worker: another worker takes over. The worker answers with
  // kStreamStates, unless the ReadRequest is answered first.
  kHandOver = 13,
  // Worker to dissectd: a StreamMessage, then a serialised
  // dissectd.v1.DissectResponse to forward.
  kStreamMessage = 14,
  // Worker to dissectd: a StreamNumber, then a serialised
  // dissectd.v1.StatusDetails. The stream is over, or was refused. A worker
  // whose last stream is over waits for further messages.
  kStreamEnded = 15,
  // Worker to dissectd: a StreamState for each stream.
  kStreamStates = 16,
  // dissectd to worker, instead of kDissect: a query of core/ipc/query.h. Each
  // kMessage is a serialised response, and kStatus ends the answer; another
  // kQuery may follow. If the answer is written to a file, the file comes as
  // SCM_RIGHTS.
  kQuery = 17,
  // Worker to dissectd: a StreamNumber. The stream took so much of the worker's
  // time that others would suffer, so it was removed. Its readers have to
  // continue in another worker, after the last frame that they were sent.
  kStreamExpelled = 18,
  // dissectd to a worker that answers queries: fork for the request in the
  // header. A WorkerLimits. Carries as SCM_RIGHTS the fork's end of its channel
  // and the memfd of its StatusPage. On that channel the fork answers queries
  // as the worker does, without a kCaptureName.
  kStartFork = 19,
  // dissectd to worker: cancel the request in the header. The worker sends
  // SIGKILL to the request's fork if it still runs; the worker and its other
  // forks go on.
  kCancel = 20,
  // Worker to dissectd: the fork of the request in the header has ended and is
  // reaped. A ForkEnded. Sent once for every kStartFork.
  kForkEnded = 21,
  // Worker to dissectd, before the message about a crash: the frame that is
  // left
  // out, as a capture file, for the operator. Not sent for frames that can't be
  // in a file of their own.
  kCrashingFrame = 22,
  // dissectd to worker, before a request: the ids of the call that the request
  // serves, for the worker's log (see SetLogIds). They apply until others come.
  kLogIds = 23,
};

// The id of the request that a message belongs to. Chosen by dissectd, never
// used twice on a channel; 0 in messages about the worker itself.
using RequestId = uint32_t;

struct ForkEnded {
  // 0 if the fork failed; wait_status is errno then.
  int32_t pid;
  // As waitpid gives it.
  int32_t wait_status;
};

// The number of a stream of a worker that follows a live capture. A stream
// shows one view to any number of clients. Chosen by dissectd, never 0, never
// used twice.
using StreamNumber = uint32_t;

// The state of a stream: what later frames of it depend on.
struct StreamState {
  StreamNumber stream;
  // The last frame that passed its filter; 0 if none did. Includes frames
  // before the range of the view.
  uint32_t displayed_frame;
  // The time at which that frame was captured.
  int64_t displayed_seconds;
  int32_t displayed_nanoseconds;
  // The sum of the lengths on the wire of all frames that passed its filter, in
  // bytes.
  uint32_t displayed_bytes;
};
static_assert(sizeof(StreamState) == 24);

// The length of a protocol's name, with its null.
inline constexpr size_t kProtocolNameBytes = 60;

// Where a dissection is: the number of a record in a pass.
struct PassPosition {
  // 1, or 2 in the second of two passes.
  uint32_t pass;
  // The number of the record; in the second pass, that of the frame.
  uint32_t record;
};

// A frame that crashed a worker, and is left out from then on.
struct KnownCrash {
  // Where dissecting the frame crashed the worker.
  PassPosition position;
  // The frame's number. Differs from that of the record in the first of two
  // passes with a read filter.
  uint32_t frame;
  // Either the signal or the exit status that ended the process; the other one
  // is 0.
  int32_t signal;
  int32_t exit_status;
  // Null-terminated; may be empty.
  char protocol[kProtocolNameBytes];
};
static_assert(sizeof(KnownCrash) == 80);

// Says what the client got from workers that crashed before this one. All 0 for
// the first worker of a call. The frames that were sent are dissected again, as
// later ones depend on them, but nothing is sent twice.
struct DissectionStart {
  // How many frames may crash pass workers, including those known.
  uint32_t max_crashes;
  // The number of KnownCrashes that follow.
  uint32_t crash_count;
  // Whether the header was sent.
  uint32_t header_sent;
  // All frames of the view up to this one were sent.
  uint32_t last_frame;
  // Progress was reported up to here at most.
  PassPosition reported;
  // Whether to send kCrashingFrame for each frame that is left out.
  uint32_t keep_frames;
};
static_assert(sizeof(DissectionStart) == 28);

// The source of a stream's state.
enum class StreamOrigin : uint32_t {
  // There is no state yet, as the worker has read no frame.
  kBeginning = 1,
  // AddStream.state, which comes from another worker at the same frame.
  kState = 2,
  // This worker: the view has no filter, or the filter of another stream.
  kWorker = 3,
};

struct AddStream {
  StreamState state;
  StreamOrigin origin;
  uint32_t reserved;
};
static_assert(sizeof(AddStream) == 32);

// Describes a message of a stream, so that dissectd knows which readers need
// it.
struct StreamMessage {
  // 0 for the header, which is sent once, first, and belongs to every stream.
  StreamNumber stream;
  // All frames of the view up to this one are in this message or in earlier
  // ones.
  uint32_t last_frame;
  // The number of frames that the stream has sent, including this message.
  uint32_t frames_sent;
  // Whether the message contains these numbers itself: it is a Progress or a
  // StreamEnd.
  uint32_t has_totals;
};
static_assert(sizeof(StreamMessage) == 16);

// A worker's progress in the current file of a live capture.
struct ReadRequest {
  // The number of records read from the file.
  uint64_t records;
  // Whether the file was complete and has been read to its end.
  uint32_t at_end;
  uint32_t reserved;
};

// How far the current file of a live capture can be read.
struct LiveState {
  // The number of records that are completely written. Others may follow that
  // are incomplete.
  uint64_t records;
  // Whether the file is complete and can be read to its end, whatever `records`
  // says.
  uint32_t complete;
  // Whether the capture is over: there is nothing more, in this file or
  // another. Only in answer to a ReadRequest with at_end.
  uint32_t over;
};

// A slot in which frames are counted by their times.
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
  // The length of the payload in bytes.
  uint32_t length;
  RequestId request_id;
  // Only in a kMessage with frames of Dissect: all frames of the view up to
  // this one are in this message or in earlier ones. Can be less than in an
  // earlier message, as pass workers don't know of each other's messages.
  uint32_t last_frame;
  MessageType type;
  uint8_t reserved[3];
};
static_assert(sizeof(MessageHeader) == 16);

// The limit for a payload; a longer one means that the channel is corrupt. A
// single frame of wiretap's largest size (256 MiB for some encapsulations)
// fits, with its tree.
inline constexpr uint32_t kMaxMessagePayload = 1u << 30;

// Information that remains after a worker has crashed. Written by the worker
// only.
struct StatusPage {
  // The frame that is being dissected; 0 if there is none.
  std::atomic<uint32_t> frame_number;
  // The pass and the record of the frame that is being dissected, or of the one
  // before; 0 if no frame has been dissected.
  std::atomic<uint32_t> pass;
  std::atomic<uint32_t> record;
  // Whether the worker ended itself, as too many frames had crashed its pass
  // workers.
  std::atomic<uint32_t> gave_up;
  // The protocol that was being dissected at a crash, null-terminated. Written
  // by the worker's signal handler; empty if it couldn't.
  char protocol[kProtocolNameBytes];
};
static_assert(std::atomic<uint32_t>::is_always_lock_free);

inline constexpr size_t kStatusPageBytes = 4096;

}  // namespace dissectd::ipc

#endif  // CORE_IPC_PROTOCOL_H_
