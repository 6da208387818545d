// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/lane.h"

#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/session/crash_reporter.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

// Exit statuses of lanes; others are a dissector's.
enum LaneExit : int { kDone = 0, kCannotSend = 80, kFailed = 81 };

void FutexWait(std::atomic<uint32_t>* word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT, value, nullptr, nullptr, 0);
}

void FutexWakeAll(std::atomic<uint32_t>* word) {
  syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

std::vector<uint32_t> ChunksOf(const LaneBoard::Lane& lane) {
  std::vector<uint32_t> chunks;
  for (const std::atomic<uint32_t>& chunk : lane.chunks) {
    if (chunk != kNoChunk) chunks.push_back(chunk);
  }
  return chunks;
}

// The processes of a session's lanes; those that still run end with this.
class LaneProcesses {
 public:
  LaneProcesses(LaneBoard* board, uint32_t chunk_count, LaneWork* work)
      : board_(board), chunk_count_(chunk_count), work_(work) {}
  ~LaneProcesses() { KillAll(); }
  LaneProcesses(const LaneProcesses&) = delete;
  LaneProcesses& operator=(const LaneProcesses&) = delete;

  bool any() const { return !running_.empty(); }

  absl::Status Start(uint32_t index, const std::vector<uint32_t>& redo) {
    const pid_t session = getpid();
    const pid_t pid = fork();
    if (pid < 0) return absl::ErrnoToStatus(errno, "no lane can be forked");
    if (pid == 0) BecomeLane(index, redo, session);
    running_[pid] = index;
    return absl::OkStatus();
  }

  // Waits for the end of one lane, and sees to what it left undone.
  absl::Status HandleEnd() {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0) {
      return errno == EINTR ? absl::OkStatus()
                            : absl::ErrnoToStatus(errno, "waiting for lanes");
    }
    const auto found = running_.find(pid);
    if (found == running_.end()) return absl::OkStatus();
    const uint32_t index = found->second;
    running_.erase(found);
    if (WIFEXITED(status)) {
      switch (WEXITSTATUS(status)) {
        case kDone:
          return absl::OkStatus();
        case kCannotSend:
          return absl::CancelledError("a lane can't send");
        case kFailed:
          return absl::InternalError("a lane has failed");
        default:
          break;
      }
    }
    NoteCrash(index, status);
    return Start(index, ChunksOf(board_->lanes[index]));
  }

 private:
  void KillAll() {
    for (const auto& [pid, index] : running_) kill(pid, SIGKILL);
    for (const auto& [pid, index] : running_) waitpid(pid, nullptr, 0);
    running_.clear();
  }

  [[noreturn]] void BecomeLane(uint32_t index,
                               const std::vector<uint32_t>& redo,
                               pid_t session) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != session) _exit(kFailed);
    CrashReporter::UsePage(&board_->lanes[index].page);
    absl::Status status = work_->BeginLane();
    if (status.ok()) {
      status = Lane(board_, index, chunk_count_, redo, work_).Run();
    }
    // Not exit(): destructors and handlers belong to the session.
    if (status.ok()) _exit(kDone);
    if (absl::IsCancelled(status)) _exit(kCannotSend);
    spdlog::error("lane: {}", std::string(status.message()));
    _exit(kFailed);
  }

  // Does not return if nothing can go on: the session then ends as the lane
  // did.
  void NoteCrash(uint32_t index, int status) {
    LaneBoard::Lane& lane = board_->lanes[index];
    const uint32_t frame = lane.page.frame_number;
    spdlog::error("a lane was ended by {} {} at frame {}",
                  WIFSIGNALED(status) ? "signal" : "exit status",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                  frame);
    // All lanes dissect all frames, and another may have met it too.
    const bool known = CrashAt(*board_, frame) != nullptr;
    if (lane.writing || frame == 0 ||
        (!known && board_->crash_count == kMaxCrashes)) {
      KillAll();
      CrashReporter::DieLike(lane.page, status);
    }
    if (!known) AddCrash(lane.page, status);
    lane.page.frame_number = 0;
    lane.page.protocol[0] = '\0';
  }

  void AddCrash(const ipc::StatusPage& page, int status) {
    LaneBoard::Crash& crash = board_->crashes[board_->crash_count];
    crash.frame_number = page.frame_number;
    crash.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    crash.exit_status = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
    std::memcpy(crash.protocol, page.protocol, sizeof(crash.protocol));
    crash.protocol[sizeof(crash.protocol) - 1] = '\0';
    ++board_->crash_count;
  }

  LaneBoard* const board_;
  const uint32_t chunk_count_;
  LaneWork* const work_;
  std::map<pid_t, uint32_t> running_;
};

}  // namespace

absl::Status Lane::Run() {
  for (uint32_t chunk = 0; chunk < chunk_count_ && !IsDone(); ++chunk) {
    if (Take(chunk)) {
      RETURN_IF_ERROR(TakeOn(chunk));
    } else {
      work_->Skim();
    }
    // Until the next frame nothing can be blamed on one.
    self_->page.frame_number = 0;
    RETURN_IF_ERROR(SendWhatIsDue());
  }
  while (!pending_.empty()) RETURN_IF_ERROR(SendFirst());
  return absl::OkStatus();
}

bool Lane::IsDone() const {
  return board_->stopped || work_->IsOver() ||
         (redo_.empty() && board_->next_chunk >= chunk_count_);
}

bool Lane::Take(uint32_t chunk) {
  const auto left = std::find(redo_.begin(), redo_.end(), chunk);
  if (left != redo_.end()) {
    redo_.erase(left);
    return true;
  }
  // Lanes skip none, so that all chunks before this one are taken.
  uint32_t expected = chunk;
  return board_->next_chunk.compare_exchange_strong(expected, chunk + 1);
}

absl::Status Lane::TakeOn(uint32_t chunk) {
  Note(chunk);
  std::unique_ptr<LaneWork::Result> result;
  RETURN_IF_ERROR(work_->WorkOn(&result));
  pending_.push_back({chunk, std::move(result)});
  return absl::OkStatus();
}

absl::Status Lane::SendWhatIsDue() {
  while (!pending_.empty() && (board_->turn == pending_.front().chunk ||
                               pending_.size() == kMaxChunksOfLane)) {
    RETURN_IF_ERROR(SendFirst());
  }
  return absl::OkStatus();
}

absl::Status Lane::SendFirst() {
  const Pending& first = pending_.front();
  WaitForTurn(first.chunk);
  if (!board_->stopped) {
    self_->writing = true;
    RETURN_IF_ERROR(work_->Send(*first.result));
    self_->writing = false;
  }
  // Before the turn passes on, or another lane would send it again.
  pending_.pop_front();
  Note(kNoChunk);
  ++board_->turn;
  FutexWakeAll(&board_->turn);
  return absl::OkStatus();
}

void Lane::WaitForTurn(uint32_t chunk) {
  while (true) {
    const uint32_t turn = board_->turn;
    if (turn == chunk) return;
    FutexWait(&board_->turn, turn);
  }
}

void Lane::Note(uint32_t current) {
  std::vector<uint32_t> chunks = redo_;
  for (const Pending& pending : pending_) chunks.push_back(pending.chunk);
  chunks.push_back(current);
  chunks.resize(kMaxChunksOfLane, kNoChunk);
  std::copy(chunks.begin(), chunks.end(), self_->chunks);
}

absl::Status RunLanes(LaneBoard* board, uint32_t lanes, uint32_t chunk_count,
                      LaneWork* work) {
  LaneProcesses processes(board, chunk_count, work);
  lanes = std::min({lanes, chunk_count, kMaxLanes});
  for (uint32_t index = 0; index < lanes; ++index) {
    RETURN_IF_ERROR(processes.Start(index, {}));
  }
  while (processes.any()) RETURN_IF_ERROR(processes.HandleEnd());
  return absl::OkStatus();
}

}  // namespace dissectd
