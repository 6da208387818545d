// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/frame_colors.h"

#include <cstdint>

namespace dissectd::cli {
namespace {

constexpr int kHexDigits = 6;

// Writes a sequence that sets a color, 0xRRGGBB, of what follows.
void AppendSequence(absl::string_view kind, uint32_t color, OutputBuffer* out) {
  out->Append("\x1b[");
  out->Append(kind);
  out->Append(";2");
  for (const int shift : {16, 8, 0}) {
    out->Append(';');
    out->AppendUnsigned(color >> shift & 0xff);
  }
  out->Append('m');
}

}  // namespace

const v1::ColoringRule* FrameColors::RuleOf(const FrameView& frame) const {
  const uint32_t number = frame.frame().coloring_rule();
  return number == 0 || number > rules_.size() ? nullptr : &rules_[number - 1];
}

bool FrameColors::AppendToTerminal(const FrameView& frame,
                                   OutputBuffer* out) const {
  const v1::ColoringRule* const rule = RuleOf(frame);
  if (rule == nullptr) return false;
  AppendSequence("38", rule->foreground(), out);
  AppendSequence("48", rule->background(), out);
  return true;
}

void FrameColors::AppendAttributes(const FrameView& frame,
                                   OutputBuffer* out) const {
  const v1::ColoringRule* const rule = RuleOf(frame);
  if (rule == nullptr) return;
  out->Append(" foreground='#");
  out->AppendHex(rule->foreground(), kHexDigits);
  out->Append("' background='#");
  out->AppendHex(rule->background(), kHexDigits);
  out->Append('\'');
}

}  // namespace dissectd::cli
