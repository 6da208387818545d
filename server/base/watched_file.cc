// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/watched_file.h"

#include <chrono>

#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr std::chrono::seconds kInterval(1);

}  // namespace

absl::StatusOr<std::unique_ptr<WatchedFile>> WatchedFile::Open(std::string path,
                                                               Use use) {
  // make_unique can't call the private constructor.
  auto file =
      absl::WrapUnique(new WatchedFile(std::move(path), std::move(use)));
  RETURN_IF_ERROR(file->Read());
  file->thread_ = std::thread([watched = file.get()] { watched->Watch(); });
  return file;
}

WatchedFile::~WatchedFile() {
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void WatchedFile::Watch() {
  absl::Status last;
  while (!stop_.AwaitFor(kInterval)) {
    const absl::Status status = Read();
    if (status == last) continue;
    last = status;
    if (status.ok()) {
      spdlog::info("using the content of \"{}\"", path_);
    } else {
      metrics::Count(metrics::Event::kWatchedFileUnusable);
      spdlog::warn("{}; what was read before stays in use",
                   std::string(status.message()));
    }
  }
}

// Reads the content each time: for a small file, that is about as cheap as
// asking for its time stamps, which change too coarsely to show every change.
absl::Status WatchedFile::Read() {
  absl::StatusOr<OperatorFile> file = ReadTrustedFile(path_);
  absl::Status status = file.status();
  if (file.ok()) {
    if (!(file_ == *file)) {
      used_ = use_(*file);
      file_ = *std::move(file);
    }
    status = used_;
  }
  return InFile(path_, status);
}

}  // namespace dissectd::server
