// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_RAW_TEXTS_H_
#define CLIENTS_CLI_RAW_TEXTS_H_

#include "dissectd/v1/wiretap.pb.h"

namespace dissectd::cli {

// Puts the exact bytes of texts that aren't UTF-8 in the place of their
// replacements, so that they are printed as the capture has them.
void RestoreRawTexts(v1::FileSummary* summary);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_RAW_TEXTS_H_
