// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_COLORING_RULES_H_
#define CORE_SESSION_COLORING_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Reads the colouring rules of the profile, while its files can be read. Rules
// that aren't valid are left out.
void LoadColoringRules();

// The colouring rules that frames match.
class ColoringRules {
 public:
  // Tells libwireshark what the rules need of the next frame.
  void Prime(epan_dissect_t* edt) const;

  // Returns the number, from 1, of the rule of a dissected frame, which has to
  // have a tree; 0 if it matches none.
  uint32_t RuleOf(epan_dissect_t* edt);

  // The serialised dissectd.v1.ColoringRules, by their numbers.
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  // libwireshark's rules.
  std::vector<const void*> rules_;
  std::vector<std::string> messages_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_COLORING_RULES_H_
