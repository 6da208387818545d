// SPDX-License-Identifier: GPL-2.0-or-later
//
// Faults that show whether ./dev lint works: it must find each of them, by the
// check that the line names.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dissectd {

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Reset() {
    count_ = 0;  // finds clang-diagnostic-thread-safety-analysis
  }

 private:
  absl::Mutex mutex_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  int wrong = 0;  // finds readability-identifier-naming
};

class LoudCounter : public Counter {
 public:
  virtual void Reset() {}  // finds modernize-use-override
};

std::string Join(std::vector<std::string>
                     words) {  // finds performance-unnecessary-value-param
  std::string all;
  for (const auto word : words) {  // finds performance-for-range-copy
    all += word;
  }
  return all;
}

std::size_t Length(std::string word) {
  const std::string moved = std::move(word);
  return moved.size() + word.size();  // finds bugprone-use-after-move
}

}  // namespace dissectd
