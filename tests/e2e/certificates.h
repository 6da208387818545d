// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_CERTIFICATES_H_
#define TESTS_E2E_CERTIFICATES_H_

#include <string>

namespace dissectd {

// Makes NAME.pem, a certificate for this name, and NAME.key in a folder. The
// authority, in the same folder, signs it for a host such as `IP:127.0.0.1`;
// without an authority, it is one itself.
void MakeCertificate(const std::string& folder, const std::string& name,
                     const std::string& authority = "",
                     const std::string& host = "IP:127.0.0.1");

}  // namespace dissectd

#endif  // TESTS_E2E_CERTIFICATES_H_
