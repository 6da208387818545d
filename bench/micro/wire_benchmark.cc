// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/micro/texts.h"
#include "core/encode/wire.h"

namespace dissectd::engine {
namespace {

constexpr int kValues = 1024;

// Writes varints. The argument is the number of significant bits.
void WireVarint(benchmark::State& state) {
  const uint64_t value = (uint64_t{1} << state.range(0)) - 1;
  char buffer[kValues * wire::kMaxVarintBytes];
  for (auto _ : state) {
    char* out = buffer;
    for (int i = 0; i < kValues; ++i) out = wire::PutVarint(out, value);
    benchmark::DoNotOptimize(out);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * kValues);
}
BENCHMARK(WireVarint)->Arg(7)->Arg(14)->Arg(32)->Arg(63);

// Writes the numbers that a tree node has.
void WireNodeNumbers(benchmark::State& state) {
  std::string out;
  for (auto _ : state) {
    out.clear();
    for (uint32_t i = 1; i <= kValues; ++i) {
      wire::AppendUint(&out, 1, uint64_t{i} * 97);
      wire::AppendUint(&out, 2, i % 8);
      wire::AppendUint(&out, 3, 0);
      wire::AppendUint(&out, 4, 1);
      wire::AppendUint(&out, 5, i);
      wire::AppendUint(&out, 6, 4);
      wire::AppendUint(&out, 7, uint64_t{i} * 3);
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * kValues);
}
BENCHMARK(WireNodeNumbers);

void WireTexts(benchmark::State& state) {
  const std::vector<std::string> texts = LabelLikeTexts(16);
  std::string out;
  for (auto _ : state) {
    out.clear();
    for (const std::string& text : texts) wire::AppendBytes(&out, 2, text);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(texts.size()));
}
BENCHMARK(WireTexts);

}  // namespace
}  // namespace dissectd::engine
