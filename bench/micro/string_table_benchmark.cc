// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/micro/texts.h"
#include "core/encode/string_table.h"

namespace dissectd::engine {
namespace {

// Encodes the strings of one batch. The argument is the number of frames.
void StringTableBatch(benchmark::State& state) {
  const std::vector<std::string> texts =
      LabelLikeTexts(static_cast<int>(state.range(0)));
  StringTable table(2u, 3u);
  for (auto _ : state) {
    table.Clear();
    for (const std::string& text : texts) {
      benchmark::DoNotOptimize(table.Add(text));
    }
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(texts.size()));
}
BENCHMARK(StringTableBatch)->Arg(1)->Arg(16)->Arg(256);

}  // namespace
}  // namespace dissectd::engine
