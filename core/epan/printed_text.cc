// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/printed_text.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace dissectd::engine {
namespace {

struct FreeDeleter {
  void operator()(char* text) const {
    std::free(text);  // NOLINT(cppcoreguidelines-no-malloc)
  }
};

}  // namespace

std::string PrintedText(absl::FunctionRef<void()> print, AfterPrinting after) {
  char* text = nullptr;
  size_t size = 0;
  FILE* const memory = open_memstream(&text, &size);
  if (memory == nullptr) return std::string();
  FILE* const standard_output = stdout;
  stdout = memory;
  print();
  stdout = standard_output;
  // Closing sets `text` and `size`.
  if (after == AfterPrinting::kLeavesOpen) std::fclose(memory);
  const std::unique_ptr<char, FreeDeleter> owner(text);
  return std::string(text, size);
}

}  // namespace dissectd::engine
