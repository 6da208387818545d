// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_HASH_ORDER_H_
#define CLIENTS_CLI_FORMAT_HASH_ORDER_H_

#include <cstddef>
#include <string>
#include <vector>

namespace dissectd::cli {

// Returns the indexes of names, all of which differ, in the order in which
// GLib's hash table of strings has them if they are inserted one by one. The
// order is the same in all processes. The pointers are not owned.
std::vector<size_t> HashTableOrder(
    const std::vector<const std::string*>& names);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_HASH_ORDER_H_
