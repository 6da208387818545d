// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_DECODE_AS_TABLES_H_
#define CORE_CATALOG_DECODE_AS_TABLES_H_

#include "core/catalog/query.h"

namespace dissectd {

// PreferenceService.ListDecodeAs, in a session of its own.
absl::Status ListDecodeAs(const QueryContext& context,
                          absl::string_view request, SendResponse send);

}  // namespace dissectd

#endif  // CORE_CATALOG_DECODE_AS_TABLES_H_
