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
#include "core/base/processor_time.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// The exit statuses of pass workers. With any other, a dissector has ended the
// process.
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

// The processes of a worker's pass workers. Its destructor kills those that
// still run.
class PassWorkerProcesses {
 public:
  PassWorkerProcesses(PassWorkerState* state, uint32_t chunk_count,
                      PassWork* work)
      : state_(state), chunk_count_(chunk_count), work_(work) {}
  ~PassWorkerProcesses() { KillAll(); }
  PassWorkerProcesses(const PassWorkerProcesses&) = delete;
  PassWorkerProcesses& operator=(const PassWorkerProcesses&) = delete;

  bool any() const { return !running_.empty(); }

  absl::Status Start(uint32_t index, const std::vector<uint32_t>& unfinished) {
    const pid_t worker = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
      return absl::ErrnoToStatus(errno, "can't fork a pass worker");
    }
    if (pid == 0) BecomePassWorker(index, unfinished, worker);
    running_[pid] = index;
    return absl::OkStatus();
  }

  // Waits until one pass worker ends, and replaces it if it has crashed.
  absl::Status AwaitEnd() {
    int status = 0;
    const pid_t pid = waitpid(-1, &status, 0);
    if (pid < 0) {
      return errno == EINTR
                 ? absl::OkStatus()
                 : absl::ErrnoToStatus(errno, "waiting for pass workers");
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
          return absl::CancelledError("a pass worker can't send");
        case kFailed:
          return absl::InternalError("a pass worker has failed");
        default:
          break;
      }
    }
    HandleCrash(index, status);
    return Start(index, ChunksOf(state_->pass_workers[index]));
  }

 private:
  void KillAll() {
    for (const auto& [pid, index] : running_) kill(pid, SIGKILL);
    for (const auto& [pid, index] : running_) waitpid(pid, nullptr, 0);
    running_.clear();
  }

  [[noreturn]] void BecomePassWorker(uint32_t index,
                                     const std::vector<uint32_t>& unfinished,
                                     pid_t worker) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != worker) _exit(kFailed);
    CrashReporter::UsePage(&state_->pass_workers[index].page);
    YieldAfter(kTimeBeforeYielding);
    absl::Status status = work_->BeginPassWorker();
    if (status.ok()) {
      status = PassWorker(state_, index, chunk_count_, unfinished, work_).Run();
    }
    // exit() would run destructors and handlers that belong to the worker.
    if (status.ok()) _exit(kDone);
    if (absl::IsCancelled(status)) _exit(kCannotSend);
    spdlog::error("pass worker: {}", std::string(status.message()));
    _exit(kFailed);
  }

  // Adds the crash to the shared state. If the dissection can't go on, ends
  // this process as the pass worker ended.
  void HandleCrash(uint32_t index, int status) {
    PassWorkerState::PassWorker& pass_worker = state_->pass_workers[index];
    const uint32_t frame = pass_worker.page.frame_number;
    spdlog::error("a pass worker was ended by {} {} at frame {}",
                  WIFSIGNALED(status) ? "signal" : "exit status",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                  frame);
    // All pass workers dissect all frames, so another may have crashed at this
    // one.
    const bool known = CrashAt(*state_, frame) != nullptr;
    const bool too_many = !known && state_->crash_count >= state_->max_crashes;
    if (pass_worker.writing || frame == 0 || too_many) {
      KillAll();
      CrashReporter::DieLike(pass_worker.page, status, too_many);
    }
    if (!known) AddCrash(pass_worker.page, status);
    pass_worker.page.frame_number = 0;
    pass_worker.page.protocol[0] = '\0';
  }

  void AddCrash(const ipc::StatusPage& page, int status) {
    ipc::KnownCrash& crash = state_->crashes[state_->crash_count];
    crash.position = {page.pass, page.record};
    crash.frame = page.frame_number;
    crash.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    crash.exit_status = WIFSIGNALED(status) ? 0 : WEXITSTATUS(status);
    std::memcpy(crash.protocol, page.protocol, sizeof(crash.protocol));
    crash.protocol[sizeof(crash.protocol) - 1] = '\0';
    ++state_->crash_count;
  }

  PassWorkerState* const state_;
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
    // A crash before the next frame is not the fault of this one.
    self_->page.frame_number = 0;
    RETURN_IF_ERROR(SendDue());
  }
  while (!pending_.empty()) RETURN_IF_ERROR(SendFirst());
  return absl::OkStatus();
}

bool PassWorker::IsDone() const {
  return state_->stopped || work_->IsOver() ||
         (unfinished_.empty() && state_->next_chunk >= chunk_count_);
}

bool PassWorker::Take(uint32_t chunk) {
  const auto left = std::find(unfinished_.begin(), unfinished_.end(), chunk);
  if (left != unfinished_.end()) {
    unfinished_.erase(left);
    return true;
  }
  // Every pass worker visits every chunk, so all earlier chunks are taken.
  uint32_t expected = chunk;
  return state_->next_chunk.compare_exchange_strong(expected, chunk + 1);
}

absl::Status PassWorker::ProcessChunk(uint32_t chunk) {
  PublishOwnership(chunk);
  std::unique_ptr<PassWork::Result> result;
  RETURN_IF_ERROR(work_->WorkOn(&result));
  pending_.push_back({chunk, std::move(result)});
  return absl::OkStatus();
}

absl::Status PassWorker::SendDue() {
  while (!pending_.empty() && (state_->turn == pending_.front().chunk ||
                               pending_.size() == kMaxChunksOfPassWorker)) {
    RETURN_IF_ERROR(SendFirst());
  }
  return absl::OkStatus();
}

absl::Status PassWorker::SendFirst() {
  const Pending& first = pending_.front();
  WaitForTurn(first.chunk);
  if (!state_->stopped) {
    self_->writing = true;
    RETURN_IF_ERROR(work_->Send(*first.result));
    self_->writing = false;
  }
  // Removes the chunk before the turn passes on: if this process died between
  // the two, its replacement would send the chunk again.
  pending_.pop_front();
  PublishOwnership(kNoChunk);
  ++state_->turn;
  FutexWakeAll(&state_->turn);
  return absl::OkStatus();
}

void PassWorker::WaitForTurn(uint32_t chunk) {
  while (true) {
    const uint32_t turn = state_->turn;
    if (turn == chunk) return;
    FutexWait(&state_->turn, turn);
  }
}

void PassWorker::PublishOwnership(uint32_t current) {
  std::vector<uint32_t> chunks = unfinished_;
  for (const Pending& pending : pending_) chunks.push_back(pending.chunk);
  chunks.push_back(current);
  chunks.resize(kMaxChunksOfPassWorker, kNoChunk);
  std::copy(chunks.begin(), chunks.end(), self_->chunks);
}

absl::Status RunPassWorkers(PassWorkerState* state, uint32_t pass_workers,
                            uint32_t chunk_count, PassWork* work) {
  PassWorkerProcesses processes(state, chunk_count, work);
  pass_workers = std::min({pass_workers, chunk_count, kMaxPassWorkers});
  for (uint32_t index = 0; index < pass_workers; ++index) {
    RETURN_IF_ERROR(processes.Start(index, {}));
  }
  while (processes.any()) RETURN_IF_ERROR(processes.AwaitEnd());
  return absl::OkStatus();
}

}  // namespace dissectd::engine
