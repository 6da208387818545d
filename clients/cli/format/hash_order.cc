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
  // The values are the names' places in the list.
  for (const std::string* const& name : names) {
    g_hash_table_insert(table.get(), const_cast<char*>(name->c_str()),
                        const_cast<const std::string**>(&name));
  }
  std::vector<size_t> order;
  order.reserve(names.size());
  GHashTableIter iterator;
  g_hash_table_iter_init(&iterator, table.get());
  gpointer place = nullptr;
  while (g_hash_table_iter_next(&iterator, nullptr, &place)) {
    order.push_back(static_cast<size_t>(
        static_cast<const std::string* const*>(place) - names.data()));
  }
  return order;
}

}  // namespace dissectd::cli
