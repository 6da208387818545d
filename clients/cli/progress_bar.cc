// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace dissectd::cli {
namespace {

constexpr int kWidth = 40;
constexpr std::chrono::milliseconds kInterval(100);

}  // namespace

ProgressBar::ProgressBar()
    : enabled_(isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) == 0) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Update(absl::string_view what, uint64_t done,
                         uint64_t total) {
  if (!enabled_) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < kInterval) return;
  last_ = now;
  shown_ = true;
  const double part =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / total);
  const int filled = static_cast<int>(part * kWidth);
  std::fprintf(stderr, "\r%.*s [%s%s] %3d%%", static_cast<int>(what.size()),
               what.data(), std::string(filled, '#').c_str(),
               std::string(kWidth - filled, ' ').c_str(),
               static_cast<int>(part * 100));
  std::fflush(stderr);
}

void ProgressBar::Clear() {
  if (!shown_) return;
  shown_ = false;
  std::fputs("\r\x1b[K", stderr);
}

}  // namespace dissectd::cli
