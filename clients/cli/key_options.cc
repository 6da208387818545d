// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/key_options.h"

#include <cstdio>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "clients/cli/option_helpers.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

constexpr char kGroup[] = "Processing";

// The version at the beginning of a keytab.
constexpr size_t kVersionBytes = 2;

absl::Status ReadKeyLog(const std::string& path, absl::string_view what,
                        std::string* content) {
  if (path.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*content, ReadSmallFile(path, what));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadKeytab(const std::string& path) {
  ASSIGN_OR_RETURN(std::string keytab, ReadSmallFile(path, "Kerberos keys"));
  if (absl::StartsWith(keytab, "\x05\x01") ||
      absl::StartsWith(keytab, "\x05\x02")) {
    return keytab;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "Can't read Kerberos keys from \"", path, "\": it isn't a keytab"));
}

// Appends the keys of a keytab to those of others.
absl::Status Append(const std::string& path, const std::string& keytab,
                    std::string* all) {
  if (all->empty()) {
    *all = keytab;
  } else if (all->compare(0, kVersionBytes, keytab, 0, kVersionBytes) == 0) {
    all->append(keytab, kVersionBytes);
  } else {
    return absl::InvalidArgumentError(absl::StrCat(
        "The keytab \"", path, "\" has another version than the one before"));
  }
  return absl::OkStatus();
}

}  // namespace

void AddKeyOptions(CLI::App* command, RawKeyOptions* raw) {
  AddValue(command, "--tls-keylog", &raw->tls_key_log,
           "TLS key log file in the format of SSLKEYLOGFILE")
      ->type_name("FILE")
      ->group(kGroup);
  AddValue(command, "--ssh-keylog", &raw->ssh_key_log,
           "SSH key log file in the format of Wireshark's ssh.keylog_file")
      ->type_name("FILE")
      ->group(kGroup);
  AddValue(command, "--wireguard-keylog", &raw->wireguard_key_log,
           "WireGuard key log file in the format of Wireshark's "
           "wg.keylog_file")
      ->type_name("FILE")
      ->group(kGroup);
  AddList(command, "-K,--keytab", &raw->keytabs,
          "Keytab with Kerberos keys (with -o kerberos.decrypt:TRUE)")
      ->type_name("FILE")
      ->group(kGroup);
  AllowAnyBytes(*command,
                {"--tls-keylog", "--ssh-keylog", "--wireguard-keylog", "-K"});
}

absl::Status ReadKeys(const RawKeyOptions& raw, MissingKeys missing,
                      v1::DissectionOptions* dissection) {
  RETURN_IF_ERROR(ReadKeyLog(raw.tls_key_log, "TLS keys",
                             dissection->mutable_tls_key_log()));
  RETURN_IF_ERROR(ReadKeyLog(raw.ssh_key_log, "SSH keys",
                             dissection->mutable_ssh_key_log()));
  RETURN_IF_ERROR(ReadKeyLog(raw.wireguard_key_log, "WireGuard keys",
                             dissection->mutable_wireguard_key_log()));
  for (const std::string& path : raw.keytabs) {
    const absl::StatusOr<std::string> keytab = ReadKeytab(path);
    if (keytab.ok()) {
      RETURN_IF_ERROR(
          Append(path, *keytab, dissection->mutable_kerberos_keytab()));
    } else if (missing == MissingKeys::kFail) {
      return keytab.status();
    } else if (!raw.also_read) {
      std::fprintf(stderr,
                   "KERBEROS ERROR: Could not open or could not read from "
                   "keytab file :%s\n",
                   Printable(path, LineBreaks::kEscape).c_str());
    }
  }
  return absl::OkStatus();
}

}  // namespace dissectd::cli
