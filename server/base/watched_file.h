// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_WATCHED_FILE_H_
#define SERVER_BASE_WATCHED_FILE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "server/base/operator_file.h"
#include "server/base/steady_event.h"

namespace dissectd::server {

// A small file of the operator, which is read at the start and again within a
// second or two whenever its content changes. A thread of its own reads it.
class WatchedFile {
 public:
  // Takes new content, or content with new permissions, into use. If it returns
  // an error, the content before stays in use, and the error is logged once.
  // Never called concurrently.
  using Use = std::function<absl::Status(const OperatorFile& file)>;

  // Reads the file for the first time. Errors: a message for the operator, if
  // the file can't be read, is too large, may be written by other users, or if
  // `use` returns an error.
  static absl::StatusOr<std::unique_ptr<WatchedFile>> Open(std::string path,
                                                           Use use);
  ~WatchedFile();
  WatchedFile(const WatchedFile&) = delete;
  WatchedFile& operator=(const WatchedFile&) = delete;

 private:
  WatchedFile(std::string path, Use use)
      : path_(std::move(path)), use_(std::move(use)) {}

  void Watch();
  // Reads the file, and takes its content into use if it is new.
  absl::Status Read();

  const std::string path_;
  const Use use_;
  // What was read last, and what `use_` said to it. Used by one thread at a
  // time: the one that opens the file, then `thread_`.
  std::optional<OperatorFile> file_;
  absl::Status used_;
  SteadyEvent stop_;
  std::thread thread_;
};

// A value that is parsed from a watched file. Thread-safe.
template <typename T>
class WatchedValue {
 public:
  using Parse = std::function<absl::StatusOr<T>(const OperatorFile& file)>;

  // Errors: as WatchedFile::Open.
  static absl::StatusOr<std::unique_ptr<WatchedValue>> Open(
      const std::string& path, Parse parse) {
    // make_unique can't call the private constructor.
    auto value = absl::WrapUnique(new WatchedValue);
    const auto use = [value = value.get(), parse = std::move(parse)](
                         const OperatorFile& file) -> absl::Status {
      ASSIGN_OR_RETURN(T parsed, parse(file));
      value->Set(std::make_shared<const T>(std::move(parsed)));
      return absl::OkStatus();
    };
    ASSIGN_OR_RETURN(value->file_, WatchedFile::Open(path, use));
    return value;
  }

  // Returns the current value, which is never null.
  std::shared_ptr<const T> Get() const {
    const absl::MutexLock lock(&mutex_);
    return value_;
  }

 private:
  WatchedValue() = default;

  void Set(std::shared_ptr<const T> value) {
    const absl::MutexLock lock(&mutex_);
    value_.swap(value);
  }

  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
  // Destroyed first, as its thread sets the value.
  std::unique_ptr<WatchedFile> file_;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_WATCHED_FILE_H_
