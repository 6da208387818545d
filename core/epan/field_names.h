// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FIELD_NAMES_H_
#define CORE_EPAN_FIELD_NAMES_H_

#include <string>

#include "core/epan/wireshark.h"

// Finds fields and protocols by name. For a few protocols that were renamed,
// libwireshark keeps the older name as an alias, also at the front of the names
// of their fields: `bootp.type` for `dhcp.type`. It resolves aliases in display
// filters, and tshark does in `-d` and `-O`; both know only current names
// elsewhere.
namespace dissectd::engine {

// Returns the field or protocol with this name or alias, or null. Of several
// fields with the name, returns the first one.
const header_field_info* FindFieldOrAlias(const std::string& name);

// Returns the current name for an alias; other names unchanged.
std::string ResolveAlias(const std::string& name);

// Returns a clause with the current name, for an error about an unknown name.
// Empty unless `name` is an alias.
std::string AliasHint(const std::string& name);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FIELD_NAMES_H_
