// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/pass_worker.h"

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
#include "core/dissection/crash_reporter.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// Exit statuses of pass workers; others are a dissector's.
enum PassWorkerExit : int { kDone = 0, kCannotSend = 80, kFailed = 81 };

void FutexWait(std::atomic<uint32_t>* word, uint32_t value) {
  syscall(SYS_futex, word, FUTEX_WAIT, value, nullptr, nullptr, 0);
}

void FutexWakeAll(std::atomic<uint32_t>* word) {
  syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

std::vector<uint32_t> ChunksOf(const PassWorkerState::PassWorker& pass_worker) {
  std::vector<uint32_t> chunks;
  for (const std::atomic<uint32_t>& chunk : pass_worker.chunks) {
    if (chunk != kNoChunk) chunks.push_back(chunk);
  }
  return chunks;
}

// The processes of a worker's pass workers; those that still run end with this.
class PassWorkerProcesses {
 public:
  PassWorkerProcesses(PassWorkerState* board, uint32_t chunk_count,
                      PassWork* work)
      : shared_state_(board), chunk_count_(chunk_count), work_(work) {}
  ~PassWorkerProcesses() { KillAll(); }
  PassWorkerProcesses(const PassWorkerProcesses&) = delete;
  PassWorkerProcesses& operator=(const PassWorkerProcesses&) = delete;

  bool any() const { return !running_.empty(); }

  absl::Status Start(uint32_t index, const std::vector<uint32_t>& redo) {
    const pid_t worker = getpid();
    const pid_t pid = fork();
    if (pid < 0)
      return absl::ErrnoToStatus(errno, "no pass_worker can be forked");
    if (pid == 0) BecomePassWorker(index, redo, worker);
    running_[pid] = index;
    return absl::OkStatus();
  }

  // Waits for the end of one pass worker, and sees to what it left undone.
  absl::Status HandleEnd() {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0) {
      return errno == EINTR
                 ? absl::OkStatus()
                 : absl::ErrnoToStatus(errno, "waiting for pass_workers");
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
          return absl::CancelledError("a pass_worker can't send");
        case kFailed:
          return absl::InternalError("a pass_worker has failed");
        default:
          break;
      }
    }
    NoteCrash(index, status);
    return Start(index, ChunksOf(shared_state_->pass_workers[index]));
  }

 private:
  void KillAll() {
    for (const auto& [pid, index] : running_) kill(pid, SIGKILL);
    for (const auto& [pid, index] : running_) waitpid(pid, nullptr, 0);
    running_.clear();
  }

  [[noreturn]] void BecomePassWorker(uint32_t index,
                                     const std::vector<uint32_t>& redo,
                                     pid_t worker) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != worker) _exit(kFailed);
    CrashReporter::UsePage(&shared_state_->pass_workers[index].page);
    absl::Status status = work_->BeginPassWorker();
    if (status.ok()) {
      status =
          PassWorker(shared_state_, index, chunk_count_, redo, work_).Run();
    }
    // Not exit(): destructors and handlers belong to the worker.
    if (status.ok()) _exit(kDone);
    if (absl::IsCancelled(status)) _exit(kCannotSend);
    spdlog::error("pass_worker: {}", std::string(status.message()));
    _exit(kFailed);
  }

  // Does not return if nothing can go on: the worker then ends as the pass
  // worker did.
  void NoteCrash(uint32_t index, int status) {
    PassWorkerState::PassWorker& pass_worker =
        shared_state_->pass_workers[index];
    const uint32_t frame = pass_worker.page.frame_number;
    spdlog::error("a pass_worker was ended by {} {} at frame {}",
                  WIFSIGNALED(status) ? "signal" : "exit status",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                  frame);
    // All pass workers dissect all frames, and another may have met it too.
    const bool known = CrashAt(*shared_state_, frame) != nullptr;
    if (pass_worker.writing || frame == 0 ||
        (!known && shared_state_->crash_count == kMaxCrashes)) {
      KillAll();
      CrashReporter::DieLike(pass_worker.page, status);
    }
    if (!known) AddCrash(pass_worker.page, status);
    pass_worker.page.frame_number = 0;
    pass_worker.page.protocol[0] = '\0';
  }

  void AddCrash(const ipc::StatusPage& page, int status) {
    PassWorkerState::Crash& crash =
        shared_state_->crashes[shared_state_->crash_count];
    crash.frame_number = page.frame_number;
    crash.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    crash.exit_status = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
    std::memcpy(crash.protocol, page.protocol, sizeof(crash.protocol));
    crash.protocol[sizeof(crash.protocol) - 1] = '\0';
    ++shared_state_->crash_count;
  }

  PassWorkerState* const shared_state_;
  const uint32_t chunk_count_;
  PassWork* const work_;
  std::map<pid_t, uint32_t> running_;
};

}  // namespace

absl::Status PassWorker::Run() {
  for (uint32_t chunk = 0; chunk < chunk_count_ && !IsDone(); ++chunk) {
    if (Take(chunk)) {
      RETURN_IF_ERROR(ProcessChunk(chunk));
    } else {
      work_->Replay();
    }
    // Until the next frame nothing can be blamed on one.
    self_->page.frame_number = 0;
    RETURN_IF_ERROR(SendWhatIsDue());
  }
  while (!pending_.empty()) RETURN_IF_ERROR(SendFirst());
  return absl::OkStatus();
}

bool PassWorker::IsDone() const {
  return shared_state_->stopped || work_->IsOver() ||
         (redo_.empty() && shared_state_->next_chunk >= chunk_count_);
}

bool PassWorker::Take(uint32_t chunk) {
  const auto left = std::find(redo_.begin(), redo_.end(), chunk);
  if (left != redo_.end()) {
    redo_.erase(left);
    return true;
  }
  // Pass workers skip none, so that all chunks before this one are taken.
  uint32_t expected = chunk;
  return shared_state_->next_chunk.compare_exchange_strong(expected, chunk + 1);
}

absl::Status PassWorker::ProcessChunk(uint32_t chunk) {
  Note(chunk);
  std::unique_ptr<PassWork::Result> result;
  RETURN_IF_ERROR(work_->WorkOn(&result));
  pending_.push_back({chunk, std::move(result)});
  return absl::OkStatus();
}

absl::Status PassWorker::SendWhatIsDue() {
  while (!pending_.empty() && (shared_state_->turn == pending_.front().chunk ||
                               pending_.size() == kMaxChunksOfPassWorker)) {
    RETURN_IF_ERROR(SendFirst());
  }
  return absl::OkStatus();
}

absl::Status PassWorker::SendFirst() {
  const Pending& first = pending_.front();
  WaitForTurn(first.chunk);
  if (!shared_state_->stopped) {
    self_->writing = true;
    RETURN_IF_ERROR(work_->Send(*first.result));
    self_->writing = false;
  }
  // Before the turn passes on, or another pass worker would send it again.
  pending_.pop_front();
  Note(kNoChunk);
  ++shared_state_->turn;
  FutexWakeAll(&shared_state_->turn);
  return absl::OkStatus();
}

void PassWorker::WaitForTurn(uint32_t chunk) {
  while (true) {
    const uint32_t turn = shared_state_->turn;
    if (turn == chunk) return;
    FutexWait(&shared_state_->turn, turn);
  }
}

void PassWorker::Note(uint32_t current) {
  std::vector<uint32_t> chunks = redo_;
  for (const Pending& pending : pending_) chunks.push_back(pending.chunk);
  chunks.push_back(current);
  chunks.resize(kMaxChunksOfPassWorker, kNoChunk);
  std::copy(chunks.begin(), chunks.end(), self_->chunks);
}

absl::Status RunPassWorkers(PassWorkerState* board, uint32_t pass_workers,
                            uint32_t chunk_count, PassWork* work) {
  PassWorkerProcesses processes(board, chunk_count, work);
  pass_workers = std::min({pass_workers, chunk_count, kMaxPassWorkers});
  for (uint32_t index = 0; index < pass_workers; ++index) {
    RETURN_IF_ERROR(processes.Start(index, {}));
  }
  while (processes.any()) RETURN_IF_ERROR(processes.HandleEnd());
  return absl::OkStatus();
}

}  // namespace dissectd::engine
