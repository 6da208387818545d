// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/private_paths.h"

#include <deque>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

namespace fs = std::filesystem;

// As many as the kernel follows.
constexpr int kMaxLinks = 40;

bool IsSame(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

// Returns where a symbolic link leads; empty if `path` isn't one.
fs::path TargetOf(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(path, error))) return fs::path();
  return fs::read_symlink(path, error);
}

// Follows a path step by step, as the kernel does, but also if its last part
// doesn't exist yet. Returns whether a step is in the folder, or the end is the
// folder itself.
bool LeadsInto(const fs::path& folder, const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  if (error) return false;
  std::deque<fs::path> rest(absolute.begin(), absolute.end());
  fs::path at = "/";
  int links = 0;
  while (!rest.empty()) {
    const fs::path step = std::move(rest.front());
    rest.pop_front();
    if (step.empty() || step == "." || step.is_absolute()) continue;
    if (step == "..") {
      at = at.parent_path();
      continue;
    }
    if (IsSame(at, folder)) return true;
    const fs::path target = TargetOf(at / step);
    if (target.empty() || ++links > kMaxLinks) {
      at /= step;
      continue;
    }
    if (target.is_absolute()) at = "/";
    rest.insert(rest.begin(), target.begin(), target.end());
  }
  return IsSame(at, folder);
}

}  // namespace

absl::Status CheckPathsOutsideStore(const ServerConfig& config) {
  const std::vector<std::pair<const char*, const std::string*>> paths = {
      {"--token-file", &config.identity.token_file},
      {"--jwt-keys", &config.identity.jwt_keys},
      {"--policy", &config.identity.policy},
      {"--audit-log", &config.identity.audit_log},
      {"--tls-certificate", &config.transport.tls_certificate},
      {"--tls-key", &config.transport.tls_key},
      {"--tls-client-ca", &config.transport.tls_client_ca},
      {"--keep-crashing-frames", &config.isolation.crashing_frames},
  };
  for (const auto& [option, path] : paths) {
    if (path->empty() || !LeadsInto(config.store, *path)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(option, ": \"", *path,
                     "\" is in the store, where callers could read or replace "
                     "it; name one outside the store"));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
