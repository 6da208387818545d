// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_RAW_TEXTS_H_
#define CLIENTS_CLI_RAW_TEXTS_H_

#include "dissectd/v1/wiretap.pb.h"

namespace dissectd::cli {

// Replaces texts that aren't UTF-8 by their exact bytes, so that they are
// printed as in the capture.
void RestoreRawTexts(v1::FileSummary* summary);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_RAW_TEXTS_H_
