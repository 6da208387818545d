// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/micro/texts.h"

#include "absl/strings/str_cat.h"

namespace dissectd {

std::vector<std::string> LabelLikeTexts(int frames) {
  std::vector<std::string> texts;
  for (int frame = 0; frame < frames; ++frame) {
    for (const char* text :
         {"Encapsulation type: Ethernet (1)", "[Frame is marked: False]",
          "Type: IPv4 (0x0800)", "0100 .... = Version: 4",
          ".... 0101 = Header Length: 20 bytes (5)",
          "0... .... = Reserved bit: Not set",
          ".1.. .... = Don't fragment: Set", "Protocol: TCP (6)",
          "Source Address: 192.0.2.1", "Destination Address: 192.0.2.2",
          "Source Port: 443", "[Calculated window size: 64240]"}) {
      texts.emplace_back(text);
    }
    texts.push_back(absl::StrCat("Frame Number: ", frame));
    texts.push_back(absl::StrCat("Total Length: ", 40 + frame * 37 % 1460));
    texts.push_back(absl::StrCat("Sequence Number: ", frame * 1460,
                                 "    (relative sequence number)"));
    texts.push_back(absl::StrCat("Header Checksum: 0x",
                                 absl::Hex(frame * 40503 % 65536),
                                 " [validation disabled]"));
  }
  return texts;
}

size_t TotalBytes(const std::vector<std::string>& texts) {
  size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  return bytes;
}

}  // namespace dissectd
