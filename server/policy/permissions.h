// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_POLICY_PERMISSIONS_H_
#define SERVER_POLICY_PERMISSIONS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// The permissions that roles give, and which of them each method needs.
namespace dissectd::server::permissions {

inline constexpr absl::string_view kServerInfo = "server.info";
// To ask what other principals may.
inline constexpr absl::string_view kPolicyCheck = "policy.check";
// To read options, metrics and the log.
inline constexpr absl::string_view kServerDiagnose = "server.diagnose";
inline constexpr absl::string_view kRegistryRead = "registry.read";
inline constexpr absl::string_view kFiltersCompile = "filters.compile";
inline constexpr absl::string_view kPreferencesRead = "preferences.read";
// The caller's files, those that others share with it, and those that the
// operator has put below the role's paths.
inline constexpr absl::string_view kFilesRead = "files.read";
// To upload, and to change the caller's files.
inline constexpr absl::string_view kFilesWrite = "files.write";
// The files of all callers, below the role's paths.
inline constexpr absl::string_view kFilesReadAny = "files.read.any";
inline constexpr absl::string_view kFilesWriteAny = "files.write.any";
inline constexpr absl::string_view kInterfacesList = "interfaces.list";
inline constexpr absl::string_view kCapturesCreate = "captures.create";
// The caller's captures, and those that others share with it.
inline constexpr absl::string_view kCapturesRead = "captures.read";
inline constexpr absl::string_view kCapturesWrite = "captures.write";
// The captures of all callers.
inline constexpr absl::string_view kCapturesReadAny = "captures.read.any";
inline constexpr absl::string_view kCapturesWriteAny = "captures.write.any";
inline constexpr absl::string_view kStatisticsRead = "statistics.read";
inline constexpr absl::string_view kDissect = "dissect";
// The report that collects user names and passwords.
inline constexpr absl::string_view kCredentialsRead = "credentials.read";
inline constexpr absl::string_view kExport = "export";

absl::Span<const absl::string_view> All();

}  // namespace dissectd::server::permissions

namespace dissectd::server {

// What a policy and the audit log have to know of a method.
struct MethodRule {
  // The full name.
  absl::string_view method;
  // The permission that every call needs. Resources may need more.
  absl::string_view permission;
  // Whether the audit log has calls that succeed.
  bool audited;
};

// The rules of all methods of the API.
absl::Span<const MethodRule> MethodRules();

// Returns null for a method that the API doesn't have.
const MethodRule* FindMethodRule(absl::string_view method);

}  // namespace dissectd::server

#endif  // SERVER_POLICY_PERMISSIONS_H_
