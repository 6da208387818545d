// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/hash_order.h"

#include <glib.h>

#include <memory>

namespace dissectd::cli {
namespace {

struct DestroyTable {
  void operator()(GHashTable* table) const { g_hash_table_destroy(table); }
};

}  // namespace

std::vector<size_t> HashTableOrder(
    const std::vector<const std::string*>& names) {
  const std::unique_ptr<GHashTable, DestroyTable> table(
      g_hash_table_new(g_str_hash, g_str_equal));
  for (size_t i = 0; i < names.size(); ++i) {
    g_hash_table_insert(table.get(), const_cast<char*>(names[i]->c_str()),
                        GSIZE_TO_POINTER(i));
  }
  std::vector<size_t> order;
  order.reserve(names.size());
  GHashTableIter iterator;
  g_hash_table_iter_init(&iterator, table.get());
  gpointer index = nullptr;
  while (g_hash_table_iter_next(&iterator, nullptr, &index)) {
    order.push_back(GPOINTER_TO_SIZE(index));
  }
  return order;
}

}  // namespace dissectd::cli
