// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/crash_reporter.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace dissectd::engine {
namespace {

ipc::StatusPage* g_page = nullptr;
const epan_dissect_t* volatile g_edt = nullptr;

// libwireshark's name while no dissector has run.
constexpr char kNoProtocol[] = "<Missing Protocol Name>";

constexpr int kCrashSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// The stack of signal handlers, as the usual one may have overflowed.
alignas(16) char g_signal_stack[64 << 10];

// Runs in a broken process: reads data that may be garbage, and changes nothing
// else. A second signal ends the process, as the handler is reset.
void HandleCrash(int signal) {
  const epan_dissect_t* edt = g_edt;
  const char* name = edt == nullptr ? nullptr : edt->pi.current_proto;
  if (g_page != nullptr && name != nullptr &&
      std::strcmp(name, kNoProtocol) != 0) {
    size_t i = 0;
    for (; i + 1 < sizeof(g_page->protocol) && name[i] != '\0'; ++i) {
      g_page->protocol[i] = name[i];
    }
    g_page->protocol[i] = '\0';
  }
  raise(signal);
}

}  // namespace

absl::Status CrashReporter::Install(int memfd) {
  void* memory = mmap(nullptr, ipc::kStatusPageBytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED, memfd, 0);
  if (memory == MAP_FAILED) {
    return absl::InternalError(
        absl::StrCat("mapping the status page: ", std::strerror(errno)));
  }
  g_page = static_cast<ipc::StatusPage*>(memory);
  stack_t stack = {};
  stack.ss_sp = g_signal_stack;
  stack.ss_size = sizeof(g_signal_stack);
  sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = HandleCrash;
  action.sa_flags = static_cast<int>(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
  for (const int signal : kCrashSignals) sigaction(signal, &action, nullptr);
  return absl::OkStatus();
}

void CrashReporter::UsePage(ipc::StatusPage* page) { g_page = page; }

void CrashReporter::DieLike(const ipc::StatusPage& page, int wait_status,
                            bool gave_up) {
  g_edt = nullptr;
  if (g_page != nullptr) {
    g_page->frame_number = page.frame_number.load();
    g_page->pass = page.pass.load();
    g_page->record = page.record.load();
    g_page->gave_up = gave_up ? 1 : 0;
    std::memcpy(g_page->protocol, page.protocol, sizeof(page.protocol));
  }
  if (WIFSIGNALED(wait_status)) {
    const int signal = WTERMSIG(wait_status);
    std::signal(signal, SIG_DFL);
    raise(signal);
  }
  _exit(WEXITSTATUS(wait_status));
}

void CrashReporter::BeginFrame(const ipc::PassPosition& position,
                               uint32_t frame_number,
                               const epan_dissect_t* edt) {
  g_edt = edt;
  if (g_page == nullptr) return;
  g_page->pass.store(position.pass, std::memory_order_relaxed);
  g_page->record.store(position.record, std::memory_order_relaxed);
  g_page->frame_number.store(frame_number, std::memory_order_relaxed);
}

void CrashReporter::EndFrame() {
  g_edt = nullptr;
  if (g_page == nullptr) return;
  g_page->frame_number.store(0, std::memory_order_relaxed);
}

}  // namespace dissectd::engine
