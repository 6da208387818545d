// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/sandbox/worker_sandbox.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/sandbox/file_access.h"
#include "core/sandbox/process_rights.h"
#include "core/sandbox/syscall_filter.h"

namespace dissectd {
namespace {

// The order is that of the steps; kLeftOpen is in place of the last two.
enum class Step { kEngine, kSettings, kReading, kLeftOpen };

// The filters of a step, for workers that fork and for others.
struct StepFilters {
  SyscallFilter forking;
  SyscallFilter other;
};

struct Filters {
  SyscallFilter engine;
  StepFilters settings;
  StepFilters reading;
};

struct State {
  SandboxOptions options;
  // None without filters.
  std::optional<Filters> filters;
  Step step = Step::kEngine;
  // Whether the second pass of a dissection is shared by forks, or questions to
  // a session are answered by them.
  bool forks = false;
  // The size that files which it writes can have.
  uint64_t max_written_bytes = 0;
  // Whether its capture consists of several files, which come later.
  bool is_live = false;
  int capture = -1;
  std::vector<int> further_captures;
};

// Null without a sandbox.
std::unique_ptr<State>& Sandbox() {
  static auto& state = *new std::unique_ptr<State>();
  return state;
}

absl::StatusOr<StepFilters> CompileStep(SyscallRights rights) {
  ASSIGN_OR_RETURN(SyscallFilter other, SyscallFilter::Compile(rights));
  rights.fork = true;
  ASSIGN_OR_RETURN(SyscallFilter forking, SyscallFilter::Compile(rights));
  return StepFilters{std::move(forking), std::move(other)};
}

absl::StatusOr<Filters> CompileFilters(bool network) {
  SyscallRights rights;
  rights.network = network;
  ASSIGN_OR_RETURN(StepFilters reading, CompileStep(rights));
  rights.memory_files = true;
  ASSIGN_OR_RETURN(StepFilters settings, CompileStep(rights));
  rights.change_folders = true;
  rights.fork = true;
  rights.execute = true;
  ASSIGN_OR_RETURN(SyscallFilter all, SyscallFilter::Compile(rights));
  return Filters{std::move(all), std::move(settings), std::move(reading)};
}

// Returns the folder of an open file; empty if it has none.
std::string FolderOf(int fd) {
  char path[PATH_MAX];
  const ssize_t size =
      readlink(absl::StrCat("/proc/self/fd/", fd).c_str(), path, sizeof(path));
  const absl::string_view file(path, size < 0 ? 0 : static_cast<size_t>(size));
  const size_t slash = file.rfind('/');
  return slash == absl::string_view::npos ? std::string()
                                          : std::string(file.substr(0, slash));
}

void Lower(__rlimit_resource resource, rlim_t value) {
  rlimit limit = {};
  getrlimit(resource, &limit);
  limit.rlim_max = std::min(limit.rlim_max, value);
  limit.rlim_cur = std::min(limit.rlim_cur, value);
  setrlimit(resource, &limit);
}

absl::Status LoadFilter(const State& state, const StepFilters Filters::*step) {
  if (!state.filters.has_value()) return absl::OkStatus();
  const StepFilters& filters = *state.filters.*step;
  return state.forks ? filters.forking.Load() : filters.other.Load();
}

}  // namespace

absl::Status WorkerSandbox::Prepare(SandboxOptions options) {
  if (kHasSanitizer) return absl::OkStatus();
  auto state = std::make_unique<State>();
  ASSIGN_OR_RETURN(state->filters, CompileFilters(options.network));
  state->options = std::move(options);
  Sandbox() = std::move(state);
  return absl::OkStatus();
}

absl::Status WorkerSandbox::ConfineEngine() {
  const State* state = Sandbox().get();
  if (state == nullptr || !state->filters.has_value()) return absl::OkStatus();
  return state->filters->engine.Load();
}

void WorkerSandbox::ForgoFilters() {
  if (Sandbox() != nullptr) Sandbox()->filters.reset();
}

void WorkerSandbox::SetWorker(ipc::WorkerKind kind, int capture) {
  State* state = Sandbox().get();
  if (state == nullptr) return;
  state->is_live = kind == ipc::WorkerKind::kLive ||
                   kind == ipc::WorkerKind::kStatistics ||
                   kind == ipc::WorkerKind::kLiveSession;
  state->forks = kind == ipc::WorkerKind::kSession ||
                 kind == ipc::WorkerKind::kLiveSession;
  state->capture = capture;
}

void WorkerSandbox::AllowPassWorkers() {
  if (Sandbox() != nullptr) Sandbox()->forks = true;
}

void WorkerSandbox::AllowWriting(uint64_t max_bytes) {
  if (Sandbox() != nullptr) Sandbox()->max_written_bytes = max_bytes;
}

void WorkerSandbox::AllowReading(int capture) {
  if (Sandbox() != nullptr) Sandbox()->further_captures.push_back(capture);
}

void WorkerSandbox::SetQueryFork() {
  if (Sandbox() != nullptr) Sandbox()->capture = -1;
}

void WorkerSandbox::LeaveOpen() {
  if (Sandbox() != nullptr) Sandbox()->step = Step::kLeftOpen;
}

absl::Status WorkerSandbox::ConfineSettings(const std::string& folder) {
  State* state = Sandbox().get();
  if (state == nullptr || state->step != Step::kEngine) return absl::OkStatus();
  state->step = Step::kSettings;
  FileAccess access;
  access.readable = state->options.readable;
  access.executable = state->options.executable;
  access.network = state->options.network;
  // Programs that libraries start have it in place of their standard error.
  access.writable = {"/dev/null"};
  if (!folder.empty()) access.writable.push_back(folder);
  access.readable_files = state->further_captures;
  if (state->capture >= 0) access.readable_files.push_back(state->capture);
  // The further files of a live capture are in the folder of the first one.
  if (state->is_live) access.readable.push_back(FolderOf(state->capture));
  RETURN_IF_ERROR(RestrictFiles(access));
  // Only settings with files in folders can need programs.
  return folder.empty() ? LoadFilter(*state, &Filters::settings)
                        : absl::OkStatus();
}

absl::Status WorkerSandbox::ConfineReading() {
  State* state = Sandbox().get();
  if (state == nullptr || state->step >= Step::kReading) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(ConfineSettings(""));
  state->step = Step::kReading;
  RETURN_IF_ERROR(ForbidWritingFiles());
  Lower(RLIMIT_FSIZE, state->max_written_bytes);
  if (!state->forks) Lower(RLIMIT_NPROC, 0);
  return LoadFilter(*state, &Filters::reading);
}

absl::Status WorkerSandbox::ConfinePassWorker() {
  State* state = Sandbox().get();
  if (state == nullptr || state->step != Step::kReading) {
    return absl::OkStatus();
  }
  state->forks = false;
  Lower(RLIMIT_NPROC, 0);
  return LoadFilter(*state, &Filters::reading);
}

}  // namespace dissectd
