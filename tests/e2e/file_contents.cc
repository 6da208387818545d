// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/file_contents.h"

#include <fstream>
#include <sstream>

namespace dissectd {

std::string ContentsOf(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace dissectd
