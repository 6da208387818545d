// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/message_counts.h"

namespace dissectd::engine {
namespace {

// Returns all values in the order of the table.
template <typename Value>
std::vector<const Value*> Values(GHashTable* table) {
  std::vector<const Value*> values;
  GHashTableIter iterator;
  gpointer value = nullptr;
  g_hash_table_iter_init(&iterator, table);
  while (g_hash_table_iter_next(&iterator, /*key=*/nullptr, &value) != FALSE) {
    values.push_back(static_cast<const Value*>(value));
  }
  return values;
}

}  // namespace

ResponseCounts::ResponseCounts(const value_string* names, uint32_t max_hundred)
    : max_hundred_(max_hundred),
      table_(g_hash_table_new(g_int_hash, g_int_equal)) {
  for (; names->strptr != nullptr; ++names) {
    Response& added = responses_.emplace_back(
        Response{static_cast<int>(names->value), names->strptr, 0});
    g_hash_table_insert(table_.get(), &added.code, &added);
  }
}

ResponseCounts::Response* ResponseCounts::Find(int code) const {
  return static_cast<Response*>(g_hash_table_lookup(table_.get(), &code));
}

void ResponseCounts::Add(uint32_t code) {
  constexpr uint32_t kHundred = 100;
  Response* response = Find(static_cast<int>(code));
  if (response == nullptr) {
    const uint32_t hundred = code / kHundred;
    if (hundred == 0 || hundred > max_hundred_) return;
    response = Find(static_cast<int>(hundred * kHundred + kHundred - 1));
  }
  if (response != nullptr) ++response->packets;
}

std::vector<const ResponseCounts::Response*> ResponseCounts::Counted() const {
  std::vector<const Response*> counted;
  for (const Response* response : Values<Response>(table_.get())) {
    if (response->packets > 0) counted.push_back(response);
  }
  return counted;
}

void RequestCounts::Add(const char* method) {
  auto* request =
      static_cast<Request*>(g_hash_table_lookup(table_.get(), method));
  if (request == nullptr) {
    request = &requests_.emplace_back(Request{method, 0});
    g_hash_table_insert(table_.get(), request->method.data(), request);
  }
  ++request->packets;
}

std::vector<const RequestCounts::Request*> RequestCounts::Counted() const {
  return Values<Request>(table_.get());
}

}  // namespace dissectd::engine
