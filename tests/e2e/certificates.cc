// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/certificates.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace dissectd {

void MakeCertificate(const std::string& folder, const std::string& name,
                     const std::string& authority, const std::string& host) {
  std::string command =
      absl::StrCat("cd ", folder,
                   " && openssl req -x509 -newkey ec -pkeyopt "
                   "ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=",
                   name, " -keyout ", name, ".key -out ", name, ".pem");
  if (!authority.empty()) {
    absl::StrAppend(&command, " -CA ", authority, ".pem -CAkey ", authority,
                    ".key -addext subjectAltName=", host,
                    " -addext basicConstraints=critical,CA:FALSE");
  }
  ASSERT_EQ(std::system((command + " 2>/dev/null").c_str()), 0) << command;
}

}  // namespace dissectd
