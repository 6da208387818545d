// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/stored_file.h"

#include <sys/stat.h>

#include <cstdint>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cli/pages.h"
#include "clients/cli/resource_names.h"
#include "clients/cli/similar_names.h"
#include "clients/cli/terminal_text.h"
#include "dissectd/v1/file.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr char kNotFoundReason[] = "FILE_NOT_FOUND";
constexpr char kNameInvalidReason[] = "FILE_NAME_INVALID";

bool IsLocalFile(const std::string& path) {
  struct stat file;
  return stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode);
}

// Whether this machine has a file of that name that isn't the stored one, and
// so may be meant instead.
bool HidesLocalFile(const v1::File& stored, const std::string& path) {
  struct stat file;
  return stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) &&
         static_cast<uint64_t>(file.st_size) != stored.size_bytes();
}

// Returns the sentence that says how to use a file of this machine.
std::string LocalHint(const std::string& name, LocalFiles local_files) {
  if (name == "-" && local_files == LocalFiles::kWithOption) {
    return "\nTo read standard input, add --local.";
  }
  if (!IsLocalFile(name)) return std::string();
  return local_files == LocalFiles::kWithOption
             ? "\nThis machine has a file of that name: add --local to use it."
             : absl::StrCat(
                   "\nThis machine has a file of that name: upload it "
                   "with: dissectctl files upload ",
                   name);
}

// Returns the files in folders whose resource names end with `/NAME`; none if
// they can't be listed.
std::vector<v1::File> FindByShortName(
    const std::shared_ptr<grpc::Channel>& channel, absl::string_view name) {
  absl::ConsumePrefix(&name, "files/");
  const std::string end = absl::StrCat("/", name);
  std::vector<v1::File> found;
  const auto stub = v1::FileService::NewStub(channel);
  const grpc::Status listed = ForEachPage(
      stub.get(), &v1::FileService::Stub::ListFiles, v1::ListFilesRequest(),
      [&](const v1::ListFilesResponse& page) {
        for (const v1::File& file : page.files()) {
          if (absl::EndsWith(file.name(), end)) found.push_back(file);
        }
      });
  return listed.ok() ? found : std::vector<v1::File>();
}

std::string NamesHint(const std::vector<v1::File>& files) {
  if (files.empty()) return std::string();
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const v1::File& file : files) {
    absl::string_view path = file.name();
    absl::ConsumePrefix(&path, "files/");
    names.push_back(Printable(path, LineBreaks::kEscape));
  }
  return SimilarNames("The store has files of that name in folders:", names);
}

}  // namespace

grpc::Status CallOnStoredFile(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
    LocalFiles local_files, ShortNames short_names,
    const std::function<grpc::Status(const std::string& resource)>& call) {
  if (absl::StartsWith(name, "/")) {
    return grpc::Status(
        grpc::StatusCode::INVALID_ARGUMENT,
        absl::StrCat("\"", name,
                     "\" is a path of a file system; names in the daemon's "
                     "store don't begin with \"/\" (dissectctl files list).",
                     LocalHint(name, local_files)));
  }
  const grpc::Status status = call(FileResourceName(name));
  const std::string reason = FailureOf(status).reason();
  if (reason == kNameInvalidReason) {
    return WithHint(status, LocalHint(name, local_files));
  }
  if (reason != kNotFoundReason) return status;
  const std::vector<v1::File> found = FindByShortName(channel, name);
  if (found.size() == 1 && short_names == ShortNames::kFind &&
      !HidesLocalFile(found.front(), name)) {
    const std::string& resource = found.front().name();
    PrintError(
        absl::StrCat("Using ", Printable(resource, LineBreaks::kEscape), "."));
    return call(resource);
  }
  return WithHint(status,
                  absl::StrCat(NamesHint(found), LocalHint(name, local_files)));
}

}  // namespace dissectd::cli
