// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_MESSAGE_COUNTS_H_
#define CORE_ANALYSIS_MESSAGE_COUNTS_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

struct HashTableDeleter {
  void operator()(GHashTable* table) const { g_hash_table_destroy(table); }
};
using HashTablePtr = std::unique_ptr<GHashTable, HashTableDeleter>;

// Counts of responses by their codes. tshark prints them in the order in which
// GLib's hash table happens to have them, and so does this.
class ResponseCounts {
 public:
  struct Response {
    int code;
    std::string name;
    uint32_t packets;
  };

  // All codes that have names, in the order of libwireshark's list, which ends
  // with a null name. Other codes count for the last code of their hundred up
  // to `max_hundred`, and beyond that not at all.
  ResponseCounts(const value_string* names, uint32_t max_hundred);

  void Add(uint32_t code);

  // Returns those that were counted.
  std::vector<const Response*> Counted() const;

 private:
  Response* Find(int code) const;

  const uint32_t max_hundred_;
  // The table's keys and values point to these.
  std::deque<Response> responses_;
  HashTablePtr table_;
};

// Counts of requests by their methods, in the order of GLib's hash table.
class RequestCounts {
 public:
  struct Request {
    std::string method;
    uint32_t packets;
  };

  RequestCounts() : table_(g_hash_table_new(g_str_hash, g_str_equal)) {}

  void Add(const char* method);

  std::vector<const Request*> Counted() const;

 private:
  // The table's keys and values point to these.
  std::deque<Request> requests_;
  HashTablePtr table_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_MESSAGE_COUNTS_H_
