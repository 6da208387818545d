// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SEQUENCE_ANALYSIS_H_
#define CORE_ANALYSIS_SEQUENCE_ANALYSIS_H_

#include <cstdint>
#include <cstdio>

#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"

// Sequence diagrams: libwireshark exports these functions, but Debian doesn't
// install the header that declares them. libwireshark allocates all of the
// structures itself.
// The names are libwireshark's.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {

using dissectd::engine::WsBool;

struct register_analysis;
using register_analysis_t = struct register_analysis;

struct seq_analysis_item_t {
  guint32 frame_number;
  address src_addr;
  guint16 port_src;
  address dst_addr;
  guint16 port_dst;
  gchar* frame_label;
  gchar* time_str;
  gchar* comment;
  guint16 conv_num;
  guint32 bg_color;
  guint32 fg_color;
  WsBool has_color_filter;
  WsBool display;
  guint src_node;
  guint dst_node;
  // libwireshark has more members.
};

inline constexpr unsigned kMaxSequenceNodes = 40;

struct seq_analysis_info_t {
  const char* name;
  WsBool any_addr;
  int nconv;
  GQueue* items;
  GHashTable* ht;
  address nodes[kMaxSequenceNodes];
  guint32 num_nodes;
};

register_analysis_t* sequence_analysis_find_by_name(const char* name);
const char* sequence_analysis_get_tap_listener_name(
    register_analysis_t* analysis);
tap_packet_cb sequence_analysis_get_packet_func(register_analysis_t* analysis);
guint sequence_analysis_get_tap_flags(register_analysis_t* analysis);
seq_analysis_info_t* sequence_analysis_info_new(void);
void sequence_analysis_info_free(seq_analysis_info_t* info);
int sequence_analysis_get_nodes(seq_analysis_info_t* info);
void sequence_analysis_dump_to_file(FILE* out, seq_analysis_info_t* info,
                                    unsigned first_node);

}  // extern "C"
// NOLINTEND(readability-identifier-naming)

#endif  // CORE_ANALYSIS_SEQUENCE_ANALYSIS_H_
