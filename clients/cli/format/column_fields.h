// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_COLUMN_FIELDS_H_
#define CLIENTS_CLI_FORMAT_COLUMN_FIELDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/format/tshark_release.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// Begins the names of fields that are columns.
inline constexpr absl::string_view kColumnFieldPrefix = "_ws.col.";

// Returns the name of a column among fields: by its title, or by its format if
// columns of the release are fields. Empty if it has none.
std::string ColumnFieldName(const v1::ColumnDefinition& column,
                            const TsharkRelease& release);

// Returns the name under which a field that is given with -e is printed. A
// release whose columns are fields also knows those of Wireshark's default
// columns by their titles.
std::string PrintedFieldName(const std::string& given,
                             const TsharkRelease& release);

// Returns those of the given fields that are columns which the stream doesn't
// have, as they are printed. In a release whose columns aren't fields, those
// are no errors: they are empty.
std::vector<std::string> UnknownColumnFields(
    const std::vector<std::string>& given, const v1::StreamHeader& header);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_COLUMN_FIELDS_H_
