// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/options/options.h"

namespace dissectd::server {
namespace {

constexpr uint32_t kMaxStoredFiles = 10'000'000;

}  // namespace

void AddStoreOptions(CLI::App* app, ShareConfig* config) {
  AddSize(app, "--upload-quota-per-principal", &config->upload_quota_bytes,
          "Limit of disk space for uploads and exports of one caller");
  AddLimit(app, "--max-stored-files", &config->max_stored_files_of_all,
           kMaxStoredFiles, "Limit of the number of uploads and exports");
  AddLimit(app, "--max-stored-files-per-principal", &config->max_stored_files,
           kMaxStoredFiles,
           "Limit of the number of uploads and exports of one caller");
  AddSize(app, "--capture-quota", &config->capture_quota_bytes,
          "Limit of disk space for the files of all captures, 0 for none");
  AddSize(app, "--min-free-disk", &config->min_free_disk_bytes,
          "Disk space that uploads, exports and captures leave free");
}

}  // namespace dissectd::server
