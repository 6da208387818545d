// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_FILE_CONTENTS_H_
#define TESTS_E2E_FILE_CONTENTS_H_

#include <string>

namespace dissectd {

// Returns the bytes of a file; none if it can't be read.
std::string ContentsOf(const std::string& path);

}  // namespace dissectd

#endif  // TESTS_E2E_FILE_CONTENTS_H_
