// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_COLORING_RULES_H_
#define CORE_ENCODE_COLORING_RULES_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Reads the colouring rules of the profile, while its files can be read. Rules
// whose filters aren't valid are left out, which the log says.
void LoadColoringRules();

// The colouring rules that were loaded and are enabled.
class ColoringRules {
 public:
  ColoringRules();

  // Returns the number, from 1, of the first rule that a frame matches; 0 for
  // none. The frame was dissected with FrameNeeds::colors.
  uint32_t NumberOf(const frame_data& frame);

  // Returns the serialised dissectd.v1.ColoringRules, by their numbers.
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  std::vector<std::string> messages_;
  // The numbers of libwireshark's rules that frames have matched.
  std::unordered_map<const void*, uint32_t> numbers_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_COLORING_RULES_H_
