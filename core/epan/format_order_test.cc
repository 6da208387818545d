// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/format_order.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "core/epan/capture_file.h"

namespace dissectd::engine {
namespace {

// The result for files that no format accepts, and the type of a file that one
// does.
constexpr int kRefused = -1;

// Returns contents that formats without a magic number may accept.
std::vector<std::string> Contents() {
  std::vector<std::string> contents = {
      std::string(4096, '\0'),
      "(1436509052.249713) vcan0 044#2A366C2BBA\n",
      "--------- beginning of main\nI/tag(  1): text\n",
      "0000 00 01 02 03\n",
      "{\"a\": [1, 2, 3]}\n",
      "TRACE\n",
  };
  // Both hcidump and CommView's NCFX accept the zeros and ones that follow this
  // seed.
  std::mt19937 random(7);
  random.discard(368'000);
  std::string bits(2000, '\0');
  for (char& bit : bits) bit = static_cast<char>(random() % 2);
  contents.push_back(std::move(bits));
  return contents;
}

// Opens the file by its name, as tshark does.
int TypeByName(const std::string& path) {
  int error = 0;
  char* info = nullptr;
  const WtapPtr wtap(
      wtap_open_offline(path.c_str(), WTAP_TYPE_AUTO, &error, &info, FALSE));
  g_free(info);
  return wtap == nullptr ? kRefused : wtap_file_type_subtype(wtap.get());
}

int TypeByDescriptor(const std::string& path, const std::string& name) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const absl::Cleanup close_fd = [fd] { close(fd); };
  const auto file = CaptureFile::Open(fd, name, false);
  return file.ok() ? wtap_file_type_subtype(file->handle()) : kRefused;
}

TEST(FormatOrderTest, FilesOpenAsTheyDoByName) {
  ws_log_set_level(LOG_LEVEL_WARNING);
  wtap_init(FALSE);
  std::set<std::string> names = {"capture", "capture.", ".gz",    "a.gz",
                                 "a..gz",   "a.none",   "a.b.log"};
  for (const open_info* format = open_routines; format->name != nullptr;
       ++format) {
    if (format->extensions == nullptr) continue;
    for (gchar** each = format->extensions_set; *each != nullptr; ++each) {
      names.insert(absl::StrCat("a.", *each));
      names.insert(absl::StrCat("a.", *each, ".gz"));
    }
  }
  const std::filesystem::path folder = std::getenv("TEST_TMPDIR");
  bool names_matter = false;
  for (const std::string& content : Contents()) {
    std::set<int> types;
    for (const std::string& name : names) {
      const std::string path = folder / name;
      std::ofstream(path, std::ios::binary) << content;
      const int type = TypeByName(path);
      types.insert(type);
      EXPECT_EQ(TypeByDescriptor(path, name), type) << name;
      std::filesystem::remove(path);
    }
    names_matter |= types.size() > 1;
  }
  EXPECT_TRUE(names_matter) << "otherwise nothing was compared";
}

TEST(FormatOrderTest, FindsTheExtensionThatSaysWhatIsInside) {
  EXPECT_EQ(FormatExtension("trace"), std::nullopt);
  EXPECT_EQ(FormatExtension("trace.gz"), std::nullopt);
  EXPECT_EQ(FormatExtension("trace."), "");
  EXPECT_EQ(FormatExtension("trace.log"), "log");
  EXPECT_EQ(FormatExtension("trace.out.gz"), "out");
}

}  // namespace
}  // namespace dissectd::engine
