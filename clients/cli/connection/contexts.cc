// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/contexts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/scoped_fd.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"
#include "nlohmann/json.hpp"

namespace dissectd::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr size_t kMaxConfigBytes = 1 << 20;
constexpr char kCurrent[] = "current_context";
constexpr char kContexts[] = "contexts";
constexpr char kTls[] = "tls";

// A text in a context.
struct Key {
  const char* name;
  std::string ConnectionOptions::*value;
  bool is_path;
};

constexpr Key kKeys[] = {
    {"server", &ConnectionOptions::server, false},
    {"tls_ca", &ConnectionOptions::tls_ca, true},
    {"tls_certificate", &ConnectionOptions::tls_certificate, true},
    {"tls_key", &ConnectionOptions::tls_key, true},
    {"tls_server_name", &ConnectionOptions::tls_server_name, false},
    {"token_file", &ConnectionOptions::token_file, true},
    {"engine", &ConnectionOptions::engine, false},
};

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

const Key* FindKey(const std::string& name) {
  for (const Key& key : kKeys) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

absl::Status ParseOption(const std::string& name, const Json& value,
                         const std::string& folder,
                         ConnectionOptions* options) {
  if (name == kTls) {
    if (!value.is_boolean()) return Wrong("\"tls\" isn't true or false");
    options->tls = value.get<bool>();
    return absl::OkStatus();
  }
  const Key* key = FindKey(name);
  if (key == nullptr) return Wrong(absl::StrCat("unknown key \"", name, "\""));
  if (!value.is_string()) {
    return Wrong(absl::StrCat("\"", name, "\" isn't a text"));
  }
  std::string text = value.get<std::string>();
  if (key->is_path && !text.empty()) text = (fs::path(folder) / text).string();
  options->*key->value = std::move(text);
  return absl::OkStatus();
}

absl::StatusOr<ConnectionOptions> ParseContext(const Json& json,
                                               const std::string& folder) {
  if (!json.is_object()) return Wrong("isn't an object");
  ConnectionOptions options;
  for (const auto& [name, value] : json.items()) {
    RETURN_IF_ERROR(ParseOption(name, value, folder, &options));
  }
  return options;
}

Json ContextToJson(const ConnectionOptions& options) {
  Json json = Json::object();
  for (const Key& key : kKeys) {
    if (const std::string& text = options.*key.value; !text.empty()) {
      json[key.name] = text;
    }
  }
  if (options.tls) json[kTls] = true;
  return json;
}

absl::Status CannotWrite(const std::string& path, int error) {
  return absl::InvalidArgumentError(
      absl::StrCat("Can't write \"", path, "\": ", std::strerror(error)));
}

// Writes a new file completely, which only its owner can read.
absl::Status WriteFile(const std::string& path, absl::string_view content) {
  constexpr mode_t kOnlyOwner = 0600;
  const ScopedFd file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOnlyOwner));
  if (file.get() < 0) return CannotWrite(path, errno);
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0) return CannotWrite(path, errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file.get()) == 0 ? absl::OkStatus() : CannotWrite(path, errno);
}

}  // namespace

std::string Contexts::Path() {
  if (const char* path = std::getenv("DISSECTD_CONFIG")) return path;
  if (const char* folder = std::getenv("XDG_CONFIG_HOME");
      folder != nullptr && *folder == '/') {
    return absl::StrCat(folder, "/dissectd/config.json");
  }
  const char* home = std::getenv("HOME");
  return home == nullptr ? ""
                         : absl::StrCat(home, "/.config/dissectd/config.json");
}

absl::StatusOr<Contexts> Contexts::Load() {
  const std::string path = Path();
  std::error_code error;
  if (path.empty() || !fs::exists(path, error)) return Contexts();
  ASSIGN_OR_RETURN(
      const std::string content,
      ReadSmallFile(path, "the names of daemons", kMaxConfigBytes));
  absl::StatusOr<Contexts> contexts =
      Parse(content, fs::path(path).parent_path().string());
  if (contexts.ok()) return contexts;
  return Wrong(absl::StrCat(
      "\"", path, "\" isn't valid: ", contexts.status().message(), "."));
}

absl::StatusOr<Contexts> Contexts::Parse(absl::string_view content,
                                         const std::string& folder) {
  const Json json = Json::parse(content.begin(), content.end(), nullptr,
                                /*allow_exceptions=*/false);
  if (json.is_discarded()) return Wrong("it isn't JSON");
  if (!json.is_object()) return Wrong("it isn't an object");
  Contexts result;
  for (const auto& [name, value] : json.items()) {
    if (name == kCurrent && value.is_string()) {
      result.current_ = value.get<std::string>();
    } else if (name == kContexts && value.is_object()) {
      for (const auto& [context, options] : value.items()) {
        absl::StatusOr<ConnectionOptions> parsed =
            ParseContext(options, folder);
        if (!parsed.ok()) {
          return Wrong(absl::StrCat("context \"", context,
                                    "\": ", parsed.status().message()));
        }
        result.all_[context] = *std::move(parsed);
      }
    } else {
      return Wrong(
          absl::StrCat("\"", name, "\" is unknown or of a wrong type"));
    }
  }
  return result;
}

absl::Status Contexts::Save() const {
  const std::string path = Path();
  if (path.empty()) return Wrong("There is no home folder to keep names in.");
  std::error_code error;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);
  // A link is kept, and its target replaced.
  fs::path target = path;
  if (fs::is_symlink(path, error)) target = fs::canonical(path, error);
  const std::string draft = absl::StrCat(target.string(), ".", getpid());
  const absl::Status written = WriteFile(draft, ToJson());
  if (written.ok() && std::rename(draft.c_str(), target.c_str()) == 0) {
    return absl::OkStatus();
  }
  const int failure = errno;
  unlink(draft.c_str());
  return written.ok() ? CannotWrite(path, failure) : written;
}

absl::StatusOr<ConnectionOptions> Contexts::Get(const std::string& name) const {
  if (name.empty() && current_.empty()) return ConnectionOptions();
  const std::string& wanted = name.empty() ? current_ : name;
  const auto found = all_.find(wanted);
  if (found != all_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, options] : all_) names.push_back(known);
  return Wrong(absl::StrCat(
      "There is no context \"", wanted, "\" in \"", Path(), "\"",
      names.empty()
          ? "."
          : absl::StrCat("; there are: ", absl::StrJoin(names, ", "), ".")));
}

void Contexts::Set(const std::string& name, const ConnectionOptions& options) {
  ConnectionOptions& context = all_[name];
  for (const Key& key : kKeys) {
    const std::string& text = options.*key.value;
    if (text.empty()) continue;
    std::error_code error;
    context.*key.value =
        key.is_path ? fs::absolute(text, error).string() : text;
  }
  context.tls = context.tls || options.tls;
}

bool Contexts::Delete(const std::string& name) {
  if (current_ == name) current_.clear();
  return all_.erase(name) > 0;
}

absl::Status Contexts::Use(const std::string& name) {
  RETURN_IF_ERROR(Get(name).status());
  current_ = name;
  return absl::OkStatus();
}

std::string Contexts::ToJson() const {
  Json json = Json::object();
  if (!current_.empty()) json[kCurrent] = current_;
  json[kContexts] = Json::object();
  for (const auto& [name, options] : all_) {
    json[kContexts][name] = ContextToJson(options);
  }
  constexpr int kIndent = 2;
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dissectd::cli
