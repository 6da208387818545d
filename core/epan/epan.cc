// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/epan.h"

#include <initializer_list>

#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

const nstime_t* GetFrameTime(packet_provider_data* provider, guint32 number) {
  for (const frame_data* frame :
       {provider->reference, provider->previous_displayed,
        provider->previous_captured}) {
    if (frame != nullptr && frame->num == number) return &frame->abs_ts;
  }
  if (provider->frames == nullptr) return nullptr;
  const frame_data* frame = frame_data_sequence_find(provider->frames, number);
  return frame == nullptr ? nullptr : &frame->abs_ts;
}

// Returns the first of `options` that the description of an interface has, or
// null.
const char* InterfaceOption(packet_provider_data* provider, guint32 interface,
                            std::initializer_list<guint> options) {
  const InterfaceDescriptionsPtr descriptions(
      wtap_file_get_idb_info(provider->file));
  wtap_block_t block = nullptr;
  if (interface < descriptions->interface_data->len) {
    block =
        g_array_index(descriptions->interface_data, wtap_block_t, interface);
  }
  if (block == nullptr) return nullptr;
  for (const guint option : options) {
    char* text = nullptr;
    if (wtap_block_get_string_option_value(block, option, &text) ==
        WTAP_OPTTYPE_SUCCESS) {
      return text;
    }
  }
  return nullptr;
}

// Wireshark 4.4 names the section of an interface as well.
template <typename... Section>
const char* GetInterfaceName(packet_provider_data* provider, guint32 interface,
                             Section... section) {
  const char* name = InterfaceOption(
      provider, InterfaceInFile(provider->file, interface, section...),
      {OPT_IDB_NAME, OPT_IDB_DESCRIPTION, OPT_IDB_HARDWARE});
  return name == nullptr ? "unknown" : name;
}

template <typename... Section>
const char* GetInterfaceDescription(packet_provider_data* provider,
                                    guint32 interface, Section... section) {
  return InterfaceOption(provider,
                         InterfaceInFile(provider->file, interface, section...),
                         {OPT_IDB_DESCRIPTION});
}

wtap_block_t GetModifiedBlock(packet_provider_data* provider,
                              const frame_data* frame) {
  if (provider->modified_blocks == nullptr) return nullptr;
  const auto block = provider->modified_blocks->find(frame->num);
  return block == provider->modified_blocks->end() ? nullptr
                                                   : block->second.get();
}

constexpr packet_provider_funcs kFunctions = {
    GetFrameTime,
    GetInterfaceName,
    GetInterfaceDescription,
    GetModifiedBlock,
};

}  // namespace

void Epan::Open() {
  Close();
  provider_ = packet_provider_data();
  handle_.reset(epan_new(&provider_, &kFunctions));
}

}  // namespace dissectd::engine
