// SPDX-License-Identifier: GPL-2.0-or-later

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/store/quota_owner.h"
#include "server/store/upload_folders.h"
#include "server/store/upload_store.h"

namespace dissectd::server {

UploadStore::Writer::Writer(UploadStore* store, std::string id, uint64_t ticket,
                            std::string file_name, std::string owner,
                            UniqueFd file, uint64_t size,
                            std::string expected_hash)
    : store_(store),
      id_(std::move(id)),
      ticket_(ticket),
      file_name_(std::move(file_name)),
      owner_(std::move(owner)),
      file_(std::move(file)),
      size_(size),
      expected_hash_(std::move(expected_hash)) {
  if (size_ == 0 && !expected_hash_.empty()) hash_.emplace();
}

UploadStore::Writer::~Writer() { store_->EndWriting(*this); }

absl::Status UploadStore::Writer::Write(uint64_t offset,
                                        absl::string_view data) {
  if (offset != size_) {
    return errors::UploadOffsetMismatch(UploadName(id_), offset, size_);
  }
  if (!store_->NoteSize(*this)) return errors::UploadNotFound(UploadName(id_));
  if (data.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(store_->Reserve(data.size(), owner_));
  int error = 0;
  while (!data.empty() && error == 0) {
    const ssize_t written = pwrite(file_.get(), data.data(), data.size(),
                                   static_cast<off_t>(size_));
    if (written < 0) {
      error = errno == EINTR ? 0 : errno;
      continue;
    }
    size_ += static_cast<uint64_t>(written);
    const auto count = static_cast<size_t>(written);
    if (hash_.has_value()) hash_->Add(data.substr(0, count));
    data.remove_prefix(count);
  }
  store_->NoteSize(*this);
  if (error == 0) return absl::OkStatus();
  store_->Release(data.size(), owner_);
  return errors::FileSystemError("writing an upload failed", error);
}

absl::StatusOr<UploadStore::Info> UploadStore::Writer::Commit() {
  if (!store_->NoteSize(*this)) return errors::UploadNotFound(UploadName(id_));
  if (fdatasync(file_.get()) != 0) {
    return errors::FileSystemError("storing an upload failed", errno);
  }
  Info info;
  info.id = id_;
  info.committed_bytes = size_;
  return info;
}

absl::Status UploadStore::Writer::CheckHash() {
  if (expected_hash_.empty()) return absl::OkStatus();
  std::string hash;
  if (hash_.has_value()) {
    hash = hash_->Finish();
    hash_.reset();
  } else {
    const absl::StatusOr<std::string> of_file = Sha256OfFile(file_.get());
    if (!of_file.ok()) {
      return errors::FileSystemError("reading an upload failed", EIO);
    }
    hash = *of_file;
  }
  if (hash == expected_hash_) return store_->copies_.Complete(id_, file_.get());
  RETURN_IF_ERROR(store_->Remove(*this));
  return errors::UploadHashMismatch(UploadName(id_));
}

absl::Status UploadStore::Writer::Move() const {
  const int root = store_->root();
  RETURN_IF_ERROR(MakeFolder(root, std::string(kUploadsFolder)));
  RETURN_IF_ERROR(SyncFolder(root, PartFolder(id_)));
  if (renameat(root, PartFolder(id_).c_str(), root,
               FinishedFolder(id_).c_str()) != 0) {
    return errors::FileSystemError("finishing an upload failed", errno);
  }
  return absl::OkStatus();
}

absl::StatusOr<UploadStore::Info> UploadStore::Writer::Finish() {
  ASSIGN_OR_RETURN(Info info, Commit());
  RETURN_IF_ERROR(CheckHash());
  RETURN_IF_ERROR(Move());
  store_->ErasePart(id_);
  // Without extended attributes, the finished file belongs to nobody.
  const std::string owner = QuotaOwnerOf(file_.get());
  if (owner != owner_) {
    store_->quota_.Forget(owner_, size_);
    store_->quota_.Count(owner, size_);
  }
  RETURN_IF_ERROR(SyncFolder(store_->root(), std::string(kUploadsFolder)));
  info.path = absl::StrCat(FinishedFolder(id_), "/", file_name_);
  return info;
}

}  // namespace dissectd::server
