// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILTER_MACROS_H_
#define CORE_EPAN_FILTER_MACROS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A saved display filter or a macro, with its name.
struct NamedFilter {
  std::string name;
  std::string text;
};

// Returns the macros that libwireshark knows, in its order, or by name
// if it has none.
std::vector<NamedFilter> FilterMacros();

// Reads the saved filters that Wireshark would read: those of the profile,
// those of versions that kept them in another place, or those that came with
// it.
std::vector<NamedFilter> SavedFilters();

// Parses a file of saved filters. Each line has a name in double quotes, where
// double quotes and backslashes are escaped by a backslash, and a filter. Lines
// that lack either are left out, as is a last line without an end.
std::vector<NamedFilter> ParseSavedFilters(const std::string& file);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILTER_MACROS_H_
