// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILTER_MACROS_H_
#define CORE_EPAN_FILTER_MACROS_H_

#include <string>
#include <vector>

namespace dissectd::engine {

// A part of display filters that has a name.
struct NamedFilter {
  std::string name;
  std::string text;
};

// Those that libwireshark knows, in its order.
std::vector<NamedFilter> FilterMacros();

// Reads the saved filters that Wireshark would: those of the profile, those of
// versions that kept them in another place, or those that came with it.
std::vector<NamedFilter> SavedFilters();

// Reads a file of saved filters: lines of a name in double quotes, where
// backslashes precede double quotes and backslashes, and the filter. Lines
// without one of them are left out, as is a last line that doesn't end.
std::vector<NamedFilter> ParseSavedFilters(const std::string& file);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILTER_MACROS_H_
