// SPDX-License-Identifier: GPL-2.0-or-later

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "core/encode/field_dictionary.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

// libwireshark registers about this many fields.
constexpr int kRegistered = 250'000;

// Returns fields with ids spread over the whole range.
std::vector<header_field_info> Fields(int count) {
  std::vector<header_field_info> fields(count);
  for (int i = 0; i < count; ++i) {
    fields[i].name = "Name";
    fields[i].abbrev = "a.name";
    fields[i].type = FT_UINT32;
    fields[i].display = BASE_DEC;
    fields[i].id = i * (kRegistered / count);
    fields[i].parent = -1;
  }
  return fields;
}

// Looks up the ids of fields. The argument is the number of fields in use.
void FieldId(benchmark::State& state) {
  const std::vector<header_field_info> fields =
      Fields(static_cast<int>(state.range(0)));
  FieldDictionary dictionary;
  for (auto _ : state) {
    for (const header_field_info& field : fields) {
      benchmark::DoNotOptimize(dictionary.IdOf(&field));
    }
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<int64_t>(fields.size()));
}
BENCHMARK(FieldId)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace dissectd::engine
