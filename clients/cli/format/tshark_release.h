// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_TSHARK_RELEASE_H_
#define CLIENTS_CLI_FORMAT_TSHARK_RELEASE_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace dissectd::cli {

// What releases of tshark print differently. The daemon's engine says which one
// to print as.
struct TsharkRelease {
  // The folder and the address at which PDML says that its style sheet is.
  absl::string_view style_sheet_folder;
  absl::string_view style_sheet_address;
  // Whether booleans are `True` and `False` in PDML and as selected fields,
  // rather than 1 and 0.
  bool booleans_are_words;
  // Whether integers of more than 32 bits are hexadecimal if their display is,
  // whatever flags it has; otherwise they are decimal if it has any.
  bool long_hex_has_flags;
  // Whether columns are fields, named by their formats, rather than by their
  // titles.
  bool columns_are_fields;
  // Whether `-T ek` collects the nodes of a protocol by their names alone, and
  // writes them in the order of a hash table.
  bool ek_order_is_hashed;
  // The most characters of a time in `-T ek`. Only times with too many
  // nanoseconds, in damaged captures, are longer.
  size_t longest_ek_time;
  // The exit status if a capture can't be opened.
  int unreadable_capture_status;
  // The exit status if a display filter doesn't compile.
  int wrong_filter_status;
};

// Returns the release of a version of Wireshark, for example `4.4.19`. That is
// the first one that is known if the version can't be read.
const TsharkRelease& TsharkReleaseOf(absl::string_view wireshark_version);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_TSHARK_RELEASE_H_
