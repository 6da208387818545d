// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/micro/texts.h"
#include "core/base/utf8.h"

namespace dissectd {
namespace {

constexpr size_t kLongTextBytes = 4096;

std::string Repeat(const std::string& text) {
  std::string repeated;
  while (repeated.size() < kLongTextBytes) repeated += text;
  return repeated;
}

void CheckTexts(benchmark::State& state,
                const std::vector<std::string>& texts) {
  for (auto _ : state) {
    for (const std::string& text : texts) {
      benchmark::DoNotOptimize(IsValidUtf8(text));
    }
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(TotalBytes(texts)));
}

void Utf8Labels(benchmark::State& state) {
  CheckTexts(state, LabelLikeTexts(16));
}
BENCHMARK(Utf8Labels);

void Utf8LongAscii(benchmark::State& state) {
  CheckTexts(state, {Repeat("All of these are ASCII. ")});
}
BENCHMARK(Utf8LongAscii);

void Utf8LongMixed(benchmark::State& state) {
  CheckTexts(state,
             {Repeat("192.0.2.1 → 192.0.2.2, Zürich, 東京, 🦈 ")});
}
BENCHMARK(Utf8LongMixed);

void Utf8Replace(benchmark::State& state) {
  const std::string text = Repeat("caf\xe9 or \xff\xfe ");
  for (auto _ : state) benchmark::DoNotOptimize(MakeValidUtf8(text));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(text.size()));
}
BENCHMARK(Utf8Replace);

}  // namespace
}  // namespace dissectd
